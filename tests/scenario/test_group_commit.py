"""Small writes share a transaction; one that fails takes none of the others with it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from threading import Event

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from storage.database import Database
from storage.group_commit import GroupCommit
from storage.tables import GroupChat


def add_chats(session: Session, names: Sequence[str]) -> Sequence[str]:
    session.add_all(GroupChat(chat_id=name, told_at=datetime.now(UTC)) for name in names)
    session.flush()
    return [name.upper() for name in names]


def test_wishes_that_wait_together_are_one_work_and_each_gets_its_result(database: Database) -> None:
    commits, gate, sizes = GroupCommit(database), Event(), []

    def hold(_session: Session, wishes: Sequence[None]) -> Sequence[None]:
        assert gate.wait(20)
        return wishes

    def add(session: Session, names: Sequence[str]) -> Sequence[str]:
        sizes.append(len(names))
        return add_chats(session, names)

    commits.submit(hold, None)
    while commits._waiting.qsize():
        pass
    results = [commits.submit(add, f"c{number}") for number in range(50)]
    gate.set()
    assert [result.result(20) for result in results] == [f"C{number}" for number in range(50)]
    assert sum(sizes) == 50
    assert len(sizes) <= 2
    commits.close()


def test_one_that_fails_changes_nothing_and_the_others_are_committed(database: Database) -> None:
    commits = GroupCommit(database)
    commits.run(add_chats, "c1")
    results = [commits.submit(add_chats, name) for name in ("c2", "c1", "c3")]
    assert [results[0].result(20), results[2].result(20)] == ["C2", "C3"]
    with pytest.raises(IntegrityError):
        results[1].result(20)
    commits.close()
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(GroupChat)) == 3


def test_a_database_that_is_away_is_told_to_all_who_wait() -> None:
    away = Database("postgresql://u:s3cret@127.0.0.1:9/x")
    commits = GroupCommit(away)
    results = [commits.submit(add_chats, f"c{number}") for number in range(5)]
    for result in results:
        with pytest.raises(OperationalError):
            result.result(20)
    commits.close()
    away.dispose()
