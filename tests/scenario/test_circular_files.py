"""The PDFs of a circular: taken into a draft once, kept byte by byte, and gone with it."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.circulars.audience import Audience
from domain.circulars.letters import MOST_BYTES, MOST_FILES, Letter, LetterFault, LetterRefused
from domain.circulars.life import CircularRefusal, CircularRefused
from domain.reminders import BANGKOK
from storage import tables
from storage.circulars import drafts, files, releasing
from storage.circulars.drafts import Draft
from storage.circulars.files import FileOfLetter
from storage.file_pieces import PIECE, FileGone, pieces_of
from storage.reference import Reference, load_reference
from storage.submissions.actor import Actor
from storage.untrusted_files.kinds import CheckedLetter
from tests.office import Bot, labour
from tests.submitting import actor_of, moment

COORDINATOR, OTHER_COORDINATOR, ADMIN, OFFICER = "P00003", "P00004", "P00001", "P00033"

__all__ = ["labour"]


def acting(bot: Bot, session: Session, person: str) -> tuple[Reference, Actor]:
    return load_reference(session, bot.at.astimezone(BANGKOK).date()), actor_of(session, person)


def begin(bot: Bot, person: str = COORDINATOR) -> Draft:
    with bot.database.write() as session:
        reference, by = acting(bot, session, person)
        return drafts.begin(session, reference, by, Letter(subject="การรายงาน"), Audience(everyone=True), moment(bot))


def add(
    bot: Bot, circular: int, name: str, content: bytes = b"", person: str = COORDINATOR, message_id: str = ""
) -> FileOfLetter:
    with bot.database.write() as session:
        reference, by = acting(bot, session, person)
        checked = CheckedLetter(content or name.encode())
        return files.add(session, reference, by, circular, name, checked, moment(bot), message_id)


def remove(bot: Bot, circular: int, file: int, person: str = COORDINATOR) -> None:
    with bot.database.write() as session:
        reference, by = acting(bot, session, person)
        files.remove(session, reference, by, circular, file, moment(bot))


def draft(bot: Bot, circular: int, person: str = COORDINATOR) -> Draft:
    with bot.database.read() as session:
        reference, by = acting(bot, session, person)
        return drafts.draft(session, reference, by, circular)


def rows(bot: Bot) -> tuple[int, int]:
    """How many files there are, and how many pieces."""
    with bot.database.read() as session:
        found = [
            session.scalar(select(func.count()).select_from(table))
            for table in (tables.CircularFile, tables.CircularFilePart)
        ]
    return found[0] or 0, found[1] or 0


def test_a_file_is_kept_byte_by_byte_and_the_same_one_once(labour: Bot) -> None:
    begun = begin(labour)
    content = bytes(range(256)) * 4 * 1024 + b"end"
    first = add(labour, begun.circular_id, "C:\\งาน\\ว ๓.pdf", content)
    again = add(labour, begun.circular_id, "อีกชื่อ.pdf", content)
    second = add(labour, begun.circular_id, "", b"other")
    assert (first.name, first.size, again) == ("ว ๓.pdf", len(content), first)
    assert second.name == "letter.pdf"

    now = draft(labour, begun.circular_id)
    assert (list(now.files), now.version) == ([first, second], begun.version + 2)
    pieces = list(pieces_of(labour.database, tables.CircularFilePart, first.file_id, first.size))
    assert (b"".join(pieces), len(pieces[0])) == (content, PIECE)

    remove(labour, begun.circular_id, first.file_id)
    assert [file.name for file in draft(labour, begun.circular_id).files] == ["letter.pdf"]
    assert rows(labour) == (1, 1)
    with pytest.raises(FileGone):
        remove(labour, begun.circular_id, first.file_id)
    with pytest.raises(FileGone):
        next(pieces_of(labour.database, tables.CircularFilePart, first.file_id, first.size))


def test_a_circular_takes_ten_files_and_a_draft_thrown_away_takes_them_along(labour: Bot) -> None:
    begun, kept = begin(labour), begin(labour)
    add(labour, kept.circular_id, "อื่น.pdf")
    for number in range(MOST_FILES):
        add(labour, begun.circular_id, f"{number}.pdf", b"%d" % number + bytes(PIECE))
    with pytest.raises(LetterRefused) as refused:
        add(labour, begun.circular_id, "เกิน.pdf")
    assert refused.value.fault is LetterFault.TOO_MANY
    assert rows(labour) == (MOST_FILES + 1, 2 * MOST_FILES + 1)
    with labour.database.write() as session:
        reference, by = acting(labour, session, COORDINATOR)
        drafts.discard(session, reference, by, begun.circular_id)
    assert rows(labour) == (1, 1)


def test_a_large_file_is_kept_in_a_moment(labour: Bot) -> None:
    begun = begin(labour)
    file = add(labour, begun.circular_id, "ใหญ่.pdf", bytes(MOST_BYTES))
    assert file.size == MOST_BYTES
    assert rows(labour) == (1, MOST_BYTES // PIECE)


def test_nobody_else_changes_the_files_of_a_draft_and_nobody_those_of_a_released_letter(labour: Bot) -> None:
    begun = begin(labour)
    file = add(labour, begun.circular_id, "ก.pdf", message_id="4711")
    for person in (OFFICER, OTHER_COORDINATOR, ADMIN):
        assert refusals(labour, begun.circular_id, file.file_id, person) == {CircularRefusal.NOT_YOURS}
    for act in (propose, release):
        act(labour, begun.circular_id)
        assert refusals(labour, begun.circular_id, file.file_id, COORDINATOR) == {CircularRefusal.WRONG_STATE}
        take_back(labour, "4711")
        assert [found.name for found in draft(labour, begun.circular_id).files] == ["ก.pdf"]


def refusals(bot: Bot, circular: int, file: int, person: str) -> set[CircularRefusal]:
    """Why somebody may neither add nor remove a file."""
    with pytest.raises(CircularRefused) as adding:
        add(bot, circular, "ข.pdf", person=person)
    with pytest.raises(CircularRefused) as removing:
        remove(bot, circular, file, person)
    return {adding.value.refusal, removing.value.refusal}


def propose(bot: Bot, circular: int) -> None:
    def complete(found: Draft) -> Draft:
        return replace(found, letter=replace(found.letter, letter_no="รง ๐๒๑๔/ว ๓", letter_date=date(2023, 3, 20)))

    with bot.database.write() as session:
        reference, by = acting(bot, session, COORDINATOR)
        completed = drafts.edit(session, reference, by, circular, complete, moment(bot))
        releasing.propose(session, reference, by, circular, completed.version, moment(bot))


def release(bot: Bot, circular: int) -> None:
    with bot.database.write() as session:
        reference, by = acting(bot, session, ADMIN)
        version = drafts.draft(session, reference, by, circular).version
        releasing.release(session, reference, by, circular, version, "[]", moment(bot))


def take_back(bot: Bot, message_id: str, person: str = COORDINATOR) -> None:
    with bot.database.write() as session:
        files.take_back(session, actor_of(session, person), message_id, moment(bot))


def test_what_its_sender_took_back_leaves_the_draft(labour: Bot) -> None:
    begun = begin(labour)
    add(labour, begun.circular_id, "ก.pdf", message_id="4711")
    add(labour, begun.circular_id, "ข.pdf", message_id="4712")
    add(labour, begun.circular_id, "จากหน้าเว็บ.pdf")
    for message_id, person in (("4711", OTHER_COORDINATOR), ("", COORDINATOR), ("4711", COORDINATOR)):
        take_back(labour, message_id, person)
    assert [file.name for file in draft(labour, begun.circular_id).files] == ["ข.pdf", "จากหน้าเว็บ.pdf"]
    assert draft(labour, begun.circular_id).version == begun.version + 4
