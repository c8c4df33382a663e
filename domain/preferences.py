"""How a person wishes to be reminded, within what the ministry's policy and the law leave to them."""

from __future__ import annotations

from dataclasses import dataclass, field

WORKING_WEEKDAYS = frozenset({1, 2, 3, 4, 5})
"""ISO weekdays, 1 is Monday: on others nobody is reminded anyway."""
MOST_LEAD_DAYS = 30
MOST_LEADS = 3


class WishRefused(ValueError):
    """A wish that cannot be granted."""


class NeverReminded(WishRefused):
    """Every working day would be quiet."""


class ImpossibleLead(WishRefused):
    """Working days ahead are one to thirty, at most three of them."""


@dataclass(frozen=True, slots=True)
class ReminderPreference:
    """A person's own settings.

    ``lead_days`` are working days before the last working day of a window on which the person is reminded of own
    duties, farthest first; None: the ministry's. On ``quiet_weekdays`` (ISO) reminders are held back to the next day
    that is not quiet, except on a window's last working day.
    """

    lead_days: tuple[int, ...] | None = None
    quiet_weekdays: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to be different; an empty wish changes nothing.

    ``as_ministry``: back to the ministry's lead days. ``quiet`` and ``loud`` are ISO weekdays.
    """

    lead_days: tuple[int, ...] = ()
    as_ministry: bool = False
    quiet: frozenset[int] = field(default_factory=frozenset)
    loud: frozenset[int] = field(default_factory=frozenset)

    def granted(self, before: ReminderPreference) -> ReminderPreference:
        """Return the settings with the wish; days that are no working days stay out of them.

        Raises:
            NeverReminded, ImpossibleLead: it cannot be granted.
        """
        lead_days = None if self.as_ministry else before.lead_days
        if self.lead_days:
            lead_days = tuple(sorted(set(self.lead_days), reverse=True))
            if len(lead_days) > MOST_LEADS or not 1 <= lead_days[-1] <= lead_days[0] <= MOST_LEAD_DAYS:
                raise ImpossibleLead
        quiet = ((before.quiet_weekdays | self.quiet) - self.loud) & WORKING_WEEKDAYS
        if quiet == WORKING_WEEKDAYS:
            raise NeverReminded
        return ReminderPreference(lead_days, quiet)
