"""Asking the unit before deciding, and the unit's answer; the item waits at its step meanwhile (M7).

What is typed is quoted once more, and only the confirming press sends it: others read it, and it cannot be taken back.
"""

from __future__ import annotations

from domain.errors import TransitionRefused
from domain.roles import Role
from domain.submissions import MIN_REASON_LENGTH
from handlers.approval_views import item_card, item_context, item_for
from handlers.conversation import Answer, Context, Request
from handlers.item_presses import AnswerInformation, AskInformation, ConfirmAnswer, ConfirmQuestion
from handlers.old_cards import Shown, gone, is_decidable, truth
from handlers.project_presses import ShowProject
from handlers.returning import digest_of
from handlers.routes import Routes
from handlers.signatories import signed_as
from messages_th import information as thai
from messages_th.information import About, GivenAnswer, Question
from messages_th.occasions import matter
from messages_th.quick_replies import QuickReply
from messages_th.rendering import Rendered
from messages_th.typed_words import too_long
from storage.queries.approval_item import ApprovalItem, Enquiry
from storage.queries.information import asked_about, open_requests
from storage.queries.readers import people_reading
from storage.submissions import information
from storage.submissions.information import AlreadyAnswered
from storage.submissions.news import officers_of
from storage.submissions.rows import NoSuchSubmission
from storage.submissions.sending import is_sender
from storage.tables import Submission

routes = Routes()

_ANSWERS = (Role.PROJECT_OFFICER, Role.PLAN_OFFICER)


@routes.press(AskInformation, roles=(Role.APPROVER,))
def ask_information(request: Request, press: AskInformation) -> Answer:
    """Ask the approver for the question in words, if the item still waits for this approver."""
    item = _decidable(request, press)
    if item is None:
        return truth(request, _shown(press))
    if request.context.awaiting == press.pack():  # a beginning was chosen: LINE puts it into the keyboard meanwhile
        asking = thai.complete_it(request.reader)
    else:
        asking = thai.ask(request.reader, about(item), request.reference.unit_names[item.unit])
    return _ask(item, press, asking)


@routes.said_after(AskInformation, roles=(Role.APPROVER,))
def question_typed(request: Request, press: AskInformation, text: str) -> Answer:
    """Quote the question and ask for confirmation; ask again where it is too short or too long."""
    item, question = _decidable(request, press), text.strip()
    if item is None:
        return truth(request, _shown(press))
    if len(question) > thai.MAX_QUESTION_LENGTH:
        return _ask(item, press, too_long(request.reader, thai.QUESTION, thai.MAX_QUESTION_LENGTH))
    if len(question) < MIN_REASON_LENGTH:
        return _ask(item, press, thai.question_too_short(request.reader))
    confirm = ConfirmQuestion(press.submission, press.version, press.step, digest_of(question)).pack()
    unit = request.reference.unit_names[item.unit]
    card = thai.confirm_question(about(item), unit, question, thai.Ways(confirm, press.pack()), request.now)
    return Answer((card,), context=item_context(request, item, words=question))


@routes.press(ConfirmQuestion, roles=(Role.APPROVER,), changes=True)
def confirm_question(request: Request, press: ConfirmQuestion) -> Answer:
    """Send the question that the card quoted to the unit; ask for it again where it is not there any more."""
    question, item = request.context.words, _decidable(request, press)
    if item is None:
        return truth(request, _shown(press))
    if digest_of(question) != press.digest:
        return _not_sent(request, item, press)
    where = press.submission, press.version, press.step
    try:
        information.ask(request.session, request.reference, request.actor, *where, question, request.moment)
    except (NoSuchSubmission, TransitionRefused):
        return truth(request, _shown(press))
    unit, is_reachable = request.reference.unit_names[item.unit], _is_reachable(request, item)
    told = thai.asked(request.reader, about(item), unit, question, press.step, is_reachable=is_reachable)
    return Answer((told,), context=item_context(request, item, words=""))  # a second press must not ask twice


@routes.press(AnswerInformation, roles=_ANSWERS)
def answer_information(request: Request, press: AnswerInformation) -> Answer:
    """Show the question and ask for the answer in words, if nobody answered and it is still wanted."""
    wanted = _wanted(request, press)
    if isinstance(wanted, Answer):
        return wanted
    item, enquiry = wanted
    asking = thai.answer(request.reader, about(item), _question(enquiry))
    return Answer((asking,), context=Context(awaiting=press.pack()))


@routes.said_after(AnswerInformation, roles=_ANSWERS)
def answer_typed(request: Request, press: AnswerInformation, text: str) -> Answer:
    """Quote the answer and ask for confirmation; ask again where there is none or it is too long."""
    wanted, words = _wanted(request, press), text.strip()
    if isinstance(wanted, Answer):
        return wanted
    if not words:
        return Answer((thai.answer_empty(request.reader),), context=Context(awaiting=press.pack()))
    if len(words) > thai.MAX_ANSWER_LENGTH:
        return Answer(
            (too_long(request.reader, thai.ANSWER, thai.MAX_ANSWER_LENGTH),), context=Context(awaiting=press.pack())
        )
    item, enquiry = wanted
    ways = thai.Ways(ConfirmAnswer(press.request, digest_of(words)).pack(), press.pack())
    card = thai.confirm_answer(about(item), _question(enquiry), words, ways, request.now)
    return Answer((card,), context=Context(words=words))


@routes.press(ConfirmAnswer, roles=_ANSWERS, changes=True)
def confirm_answer(request: Request, press: ConfirmAnswer) -> Answer:
    """Send the answer that the card quoted to whoever asked; the first answer counts."""
    words, anew = request.context.words, AnswerInformation(press.request)
    wanted = _wanted(request, anew)
    if isinstance(wanted, Answer):
        return wanted
    item, enquiry = wanted
    if digest_of(words) != press.digest:
        asking = thai.answer_again(request.reader, about(item), _question(enquiry))
        return Answer((asking,), context=Context(awaiting=anew.pack()))
    try:
        information.answer(request.session, request.reference, request.actor, press.request, words, request.moment)
    except (AlreadyAnswered, TransitionRefused):  # somebody was quicker between the look and the lock
        return answer_information(request, anew)
    told = thai.answered(request.reader, about(item), _question(enquiry), words)
    return Answer((told,), tuple(_leading_on(request, item)))


def about(item: ApprovalItem) -> About:
    """Return what a message about the item names it by."""
    return About(item.code, item.name, matter(item.kind, item.occasion, item.basis))


def _decidable(request: Request, press: AskInformation | ConfirmQuestion) -> ApprovalItem | None:
    item = item_for(request, press.submission)
    return item if item is not None and is_decidable(item, _shown(press)) else None


def _shown(press: AskInformation | ConfirmQuestion) -> Shown:
    return Shown(press.submission, press.version, press.step)


def _ask(item: ApprovalItem, press: AskInformation, message: Rendered) -> Answer:
    """Answer with a wish for the question in words, and with words to begin it with."""
    return Answer((message,), tuple(thai.beginnings(item.kind, press.pack())), Context(awaiting=press.pack()))


def _not_sent(request: Request, item: ApprovalItem, press: ConfirmQuestion) -> Answer:
    """Return that this press sends nothing: for it did so before, or its words are not there any more."""
    own = [one for one in item.enquiries if one.by.code == request.asker.code]
    sent = next((one for one in reversed(own) if digest_of(one.question) == press.digest), None)
    if sent is not None:
        told = thai.already_asked(request.reader, about(item), _question(sent))
        return Answer((told,), context=item_context(request, item))
    anew = AskInformation(press.submission, press.version, press.step)
    return _ask(item, anew, thai.question_again(request.reader, about(item)))


def _is_reachable(request: Request, item: ApprovalItem) -> bool:
    """Tell whether a question reaches anybody of the unit in LINE."""
    row = request.session.get_one(Submission, item.submission_id)
    officers = people_reading(request.session, officers_of(request.reference, row), request.today)
    return any(person.line_user_id and person.is_reachable for person in officers.values())


def _wanted(request: Request, press: AnswerInformation) -> tuple[ApprovalItem, Enquiry] | Answer:
    """Return the question that the asker may answer, with what it is about, or what is said instead."""
    asked_of = asked_about(request.session, press.request)
    item = item_for(request, asked_of) if asked_of is not None else None
    if item is None or not is_sender(request.reference, request.asker.code, item.unit, item.kind):
        return gone(request)
    enquiry = next((one for one in item.enquiries if one.request_id == press.request), None)
    if enquiry is not None and enquiry.answered_at is not None:
        given = GivenAnswer(enquiry.answered_by, enquiry.answered_at, enquiry.answer)
        return Answer((thai.already_answered(request.reader, about(item), _question(enquiry), given),))
    if enquiry is None or press.request not in open_requests(request.session, item.submission_id):
        told = thai.not_asked_any_more(request.reader), item_card(request, item)
        return Answer(told, context=item_context(request, item))
    return item, enquiry


def _question(enquiry: Enquiry) -> Question:
    by = signed_as(enquiry.by)
    return Question(by, enquiry.at, enquiry.question)


def _leading_on(request: Request, item: ApprovalItem) -> list[QuickReply]:
    """Return the way to the next open question, and to the project."""
    left = open_requests(request.session, item.submission_id)
    replies = [QuickReply(thai.NEXT_QUESTION, AnswerInformation(left[0]).pack())] if left else []
    return [*replies, *([QuickReply(thai.TO_PROJECT, ShowProject(item.code).pack())] if item.code else [])]
