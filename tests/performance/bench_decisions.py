"""How long a decision takes in a whole country: from the webhook that brings the press to the reply that tells it.

The web process and a worker run as in an office; approvers of all steps press all over the country at a steady pace.
After that some of them approve fifty items with one press.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Sequence
from random import Random

from sqlalchemy import func, select

from bot.demo.line import free_port
from domain.submissions import SubmissionState
from handlers.approval_presses import ConfirmApproval, StartBulk
from handlers.bulk_approval import ConfirmBatch
from storage.approval_batches import MOST_ITEMS, find
from storage.database import Database
from storage.report_counts import recount
from storage.schema import upgrade
from storage.tables import ApprovalBatch, Decision, Person, RouteStep, Submission
from tests.performance.bench_webhook import alive, emptied, ours, percentile, running
from tests.performance.country import COUNTRY, LAST_DAY, Country
from tests.performance.databases import postgres_url, sqlite_url
from tests.performance.webhook_load import Presses, Replies, sink, steady

RATE, SECONDS, WARM_UP_SECONDS = 20, 15.0, 4.0
BATCHES = 6
DECISION_P99, BATCH_LIMIT = 0.300, 2.0
PATIENCE_SECONDS = 60.0


def run() -> None:
    """Print the figures of both databases."""
    for name, backend in (("SQLite", sqlite_url), ("PostgreSQL", postgres_url)):
        with backend() as url:
            build(name, url)
            asyncio.run(measure(name, url))


def build(name: str, url: str) -> None:
    """Write the country."""
    started = time.perf_counter()
    upgrade(url)
    database = Database(url)
    Country(COUNTRY, with_money=True).build(database)
    with database.write() as session:
        recount(session)
    database.dispose()
    print(f"{name}: {COUNTRY.projects:,} projects written in {time.perf_counter() - started:.0f} s", flush=True)


async def measure(name: str, url: str) -> None:
    """Let people press, and print how long it took."""
    async with sink() as (origin, replies):
        load = Presses(free_port(), deque(decisions_wanted(url)))
        with running(ours("serve", url, origin, load.port, LAST_DAY.isoformat())):
            await alive(load.port)
            with running(ours("worker", url, origin, load.port, LAST_DAY.isoformat())):
                await steady(load, RATE, WARM_UP_SECONDS)  # reference data and templates are loaded
                await emptied(url)
                before = decisions_made(url)
                sent = await steady(load, RATE, SECONDS)
                await emptied(url)
                made = decisions_made(url) - before
                batches = [await batch_seconds(url, load, account, replies) for account in executives(url)]
    taken = [replies.at[token] - at for token, (at, _) in sent.items() if token in replies.at]
    p50, p99 = percentile(taken, 50), percentile(taken, 99)
    print(
        f"{name}: decision at {RATE}/s, webhook in to reply call out: p50 {p50 * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms "
        f"{against(p99, DECISION_P99)}; {len(taken)} of {len(sent)} presses answered, {made} decided",
        flush=True,
    )
    print(
        f"{name}: {MOST_ITEMS} approved with one press: {', '.join(f'{seconds:.2f}' for seconds in batches)} s, the "
        f"slowest {against(max(batches), BATCH_LIMIT)}",
        flush=True,
    )


def against(taken: float, limit: float) -> str:
    """Return how a figure stands to its limit: «= 0.40 × the limit», or by how much it misses it."""
    missed = f", missed by {(taken - limit) * 1000:.0f} ms" if taken > limit else ""
    return f"= {taken / limit:.2f} × the limit of {limit * 1000:.0f} ms{missed}"


def decisions_wanted(url: str) -> Sequence[tuple[str, str]]:
    """Return presses of approvers all over the country, each of whom approves what waits at the own step."""
    wanted = int(RATE * (WARM_UP_SECONDS + SECONDS))
    query = (
        select(Person.line_user_id, Submission.id, Submission.version, Submission.step)
        .join(RouteStep, (RouteStep.unit_id == Submission.unit_id) & (RouteStep.order == Submission.step))
        .join(Person, Person.id == RouteStep.approver_id)
        .where(Submission.state == SubmissionState.PENDING_APPROVAL)
        .order_by(Submission.id)
    )
    database = Database(url)
    with database.read() as session:
        found = session.execute(query).all()
    database.dispose()
    chosen = Random(2566).sample(found, wanted)
    return [(str(account), ConfirmApproval(item, version, step or 1).pack()) for account, item, version, step in chosen]


def executives(url: str) -> Sequence[str]:
    """Return the accounts of some who have more waiting at their step than a list holds."""
    waiting = func.count(Submission.id)
    query = (
        select(Person.line_user_id)
        .join(RouteStep, RouteStep.approver_id == Person.id)
        .join(Submission, (Submission.unit_id == RouteStep.unit_id) & (Submission.step == RouteStep.order))
        .where(Submission.state == SubmissionState.PENDING_APPROVAL)
        .group_by(Person.id, Person.line_user_id)
        .having(waiting > MOST_ITEMS)
        .order_by(Person.id)
    )
    database = Database(url)
    with database.read() as session:
        found = [str(account) for account in session.scalars(query)]
    database.dispose()
    return Random(2566).sample(found, BATCHES)


async def batch_seconds(url: str, load: Presses, account: str, replies: Replies) -> float:
    """Return how long one press takes that approves a whole list."""
    await replied(load, (account, StartBulk(None, None, None).pack()), replies)
    return await replied(load, (account, await asyncio.to_thread(confirmation, url, account)), replies)


def confirmation(url: str, account: str) -> str:
    """Return the press that confirms the list that somebody has."""
    database = Database(url)
    with database.read() as session:
        query = select(ApprovalBatch.id, ApprovalBatch.person_id).join(Person, Person.id == ApprovalBatch.person_id)
        batch_id, person_id = session.execute(query.where(Person.line_user_id == account)).one()
        batch = find(session, person_id, batch_id)
    database.dispose()
    assert len(batch.items) == MOST_ITEMS, len(batch.items)
    return ConfirmBatch(batch.id, batch.digest).pack()


async def replied(load: Presses, press: tuple[str, str], replies: Replies) -> float:
    """Send a press and return after how long it was replied to."""
    load.left.append(press)
    ((token, (at, _)),) = (await steady(load, 1, 1)).items()
    until = time.perf_counter() + PATIENCE_SECONDS
    while token not in replies.at:
        assert time.perf_counter() < until, "no reply"
        await asyncio.sleep(0.005)
    return replies.at[token] - at


def decisions_made(url: str) -> int:
    """Return how many decisions there are."""
    database = Database(url)
    with database.read() as session:
        found = session.scalar(select(func.count(Decision.id))) or 0
    database.dispose()
    return found


if __name__ == "__main__":
    run()
