"""How a person is reminded: shown and changed on a card; and putting a reminder off until the next working morning."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from domain.policy import DEFAULT_POLICY
from domain.preferences import WORKING_WEEKDAYS, ReminderPreference, Wish, WishRefused
from domain.roles import Role
from handlers import fallback
from handlers.conversation import Answer, Context, Request
from handlers.postback import Postback
from handlers.reminders import SnoozeReminder
from handlers.routes import Routes
from messages_th import reminder_settings as thai
from messages_th.reminder_settings.wishes import names_weekends, read_wish
from messages_th.understanding.intents import Intent, Understood
from storage.preferences import grant, snooze
from storage.queries.preferences import preference_of

routes = Routes()

_CONTEXT = Context(Intent.SETTINGS_REMINDERS)
_BETWEEN = "-"


class SetReminders(Postback, prefix="st1"):
    """Changes how the presser is reminded, and nothing that it does not name.

    ``lead_days`` joined by «-», empty for the ministry's; ``quiet`` and ``loud`` are ISO weekdays as digits.
    """

    lead_days: str | None = None
    quiet: str = ""
    loud: str = ""

    @classmethod
    def of(cls, wish: Wish) -> SetReminders:
        """Return the press that fulfils the wish."""
        own = _BETWEEN.join(map(str, wish.lead_days))
        return cls(own if own or wish.as_ministry else None, _digits(wish.quiet), _digits(wish.loud))

    def wish(self) -> Wish:
        """Return what the press changes.

        Raises:
            ValueError: no press of ours says so.
        """
        return Wish(
            lead_days=tuple(map(int, self.lead_days.split(_BETWEEN))) if self.lead_days else (),
            as_ministry=self.lead_days == "",
            quiet=frozenset(map(int, self.quiet)),
            loud=frozenset(map(int, self.loud)),
        )


def _digits(weekdays: Iterable[int]) -> str:
    return "".join(map(str, sorted(weekdays)))


@routes.intent(Intent.SETTINGS_REMINDERS)
def reminder_settings(request: Request, asked: Understood) -> Answer:
    """Show the settings, or propose what the sentence wants: only the button changes anything."""
    wish = read_wish(asked.utterance)
    weekends = names_weekends(asked.utterance)
    before = _standing(request, preference_of(request.session, request.asker.person_id))
    try:
        after = _standing(request, wish.granted(before.preference))
    except WishRefused as refusal:
        return _card(request, before, thai.refused(request.reader, refusal))
    if after == before or (wish.lead_days and not before.owes):
        said = thai.unchanged(request.reader, wish, owes=before.owes, names_weekends=weekends)
        return _card(request, before, said)
    confirm = SetReminders.of(wish).pack()
    return Answer((thai.proposal_card(request.reader, before, after, confirm, names_weekends=weekends),))


@routes.press(SetReminders, changes=True)
def set_reminders(request: Request, press: SetReminders) -> Answer:
    """Change the settings and show them."""
    try:
        wish = press.wish()
    except ValueError:
        return fallback.old_button(request)
    try:
        after = grant(request.session, request.actor, wish, request.real_now)
        said = thai.saved(request.reader)
    except WishRefused as refusal:
        after, said = preference_of(request.session, request.asker.person_id), thai.refused(request.reader, refusal)
    return _card(request, _standing(request, after), said)


@routes.press(SnoozeReminder, changes=True)
def snooze_reminder(request: Request, press: SnoozeReminder) -> Answer:
    """Let today's reminder come again on the next working morning; twice pressed it comes once."""
    if press.day > request.today:
        return fallback.old_button(request)
    again_on = request.reference.rules.calendar.on_or_after(press.day + timedelta(days=1))
    if request.today >= again_on:
        return Answer((thai.snoozed_too_late(request.reader, press.day),))
    snooze(request.session, request.actor, press.day, request.real_now)
    return Answer((thai.snoozed(request.reader, again_on, is_last_day=press.is_last_day),))


def _standing(request: Request, preference: ReminderPreference) -> thai.Standing:
    home = request.sight.home
    policy = request.reference.rules.policy(home) if home else DEFAULT_POLICY
    return thai.Standing(preference, policy.lead_days, owes=request.holds(Role.PROJECT_OFFICER, Role.PLAN_OFFICER))


def _card(request: Request, standing: thai.Standing, said: str) -> Answer:
    quiet = standing.preference.quiet_weekdays
    turned = {
        day: Wish(loud=frozenset({day})) if day in quiet else Wish(quiet=frozenset({day})) for day in WORKING_WEEKDAYS
    }
    shown = thai.settings_card(
        request.reader,
        standing,
        leads={days: SetReminders.of(Wish(lead_days=(days,))).pack() for days in thai.LEAD_CHOICES},
        weekdays={day: SetReminders.of(turned[day]).pack() for day in sorted(turned)},
        as_ministry=SetReminders.of(Wish(as_ministry=True)).pack(),
        said=said,
    )
    return Answer((shown,), context=_CONTEXT)
