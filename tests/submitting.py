"""Reports that are sent, approved and returned in the bot: the use-cases that chat, pages and API share."""

from datetime import UTC, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.completeness import ReportContent
from domain.fiscal import Quarter
from domain.reminders import BANGKOK
from domain.roles import Role
from domain.submissions import SubmissionKind
from storage import tables
from storage.outbox_claims import Now
from storage.reference import load_reference
from storage.submissions.actor import Actor, Channel
from storage.submissions.deciding import Decided, Wish, decide
from storage.submissions.drafts import demands_of, save_report
from storage.submissions.sending import submit
from storage.tables.submissions import Verdict
from tests.office import Bot

FIRST_QUARTER = Quarter(2566, 1)
"""What the sample ministry reports in March 2566."""


def moment(bot: Bot) -> Now:
    """Return the bot's hour with the machine's."""
    return Now(bot.at, datetime.now(UTC))


def submission_of(bot: Bot, code: str, quarter: Quarter = FIRST_QUARTER) -> tables.Submission:
    """Return the report of a project as it stands, detached."""
    with bot.database.read() as session:
        row = tables.Submission
        query = select(row).join(tables.Project, tables.Project.id == row.project_id).where(tables.Project.code == code)
        query = query.where(row.kind == SubmissionKind.QUARTER_REPORT)
        found = session.scalars(query.where(row.fiscal_year == quarter.fiscal_year, row.quarter == quarter.number))
        return found.one()


def send_report(
    bot: Bot, officer: str, code: str, quarter: Quarter = FIRST_QUARTER, summary: str = "ดำเนินการแล้ว"
) -> int:
    """Let an officer fill a project's report completely and send it; return the submission's id."""
    at = moment(bot)
    with bot.database.write() as session:
        reference = load_reference(session, bot.at.astimezone(BANGKOK).date())
        by = actor_of(session, officer)
        project = session.scalars(select(tables.Project).where(tables.Project.code == code)).one()
        demands = demands_of(session, project, quarter)
        content = ReportContent(
            output_progress="จัดอบรมแล้ว 12 รุ่น",
            outcome_progress="ผู้ผ่านการอบรมมีงานทำร้อยละ 82",
            kpi_progress="ร้อยละ 80 ของเป้าหมาย",
            level1_progress="สนับสนุนการพัฒนาทรัพยากรมนุษย์",
            disbursed_baht=(demands.planned_baht or Decimal(0)) if demands.uses_budget else None,
            summary=summary,
            problems="ไม่มี",
            recommendations="ไม่มี",
            activity_progress=dict.fromkeys(demands.activities, "เป็นไปตามแผน"),
            link_progress=dict.fromkeys(demands.links, "สนับสนุนเป้าหมายของแผน"),
        )
        row = save_report(session, reference, by, code, quarter, content, at)
        return submit(session, reference, by, row.id, at, late_reason="รอข้อมูลจากสำนักงานจังหวัด").submission_id


def decide_now(
    bot: Bot, person: str, submission_id: int, verdict: Verdict = Verdict.APPROVED, reason: str = ""
) -> Decided:
    """Let somebody decide at the step at which a submission waits, as any other way in would."""
    with bot.database.write() as session:
        reference = load_reference(session, bot.at.astimezone(BANGKOK).date())
        row = session.get_one(tables.Submission, submission_id)
        wish = Wish(row.id, row.version, row.step or 1, verdict, reason)
        return decide(session, reference, actor_of(session, person), wish, moment(bot))


def add_officer(bot: Bot, code: str, name: str, position: str = "นักวิเคราะห์", unit: str = "รง0501") -> None:
    """Give a unit (a code) one more officer."""
    with bot.writes() as session:
        unit_id = session.scalars(select(tables.Unit.id).where(tables.Unit.code == unit)).one()
        person = tables.Person(code=code, full_name=name)
        session.add(person)
        session.flush()
        post = {"person_id": person.id, "unit_id": unit_id, "role": Role.PROJECT_OFFICER, "position": position}
        session.add(tables.RoleAssignment(**post))


def actor_of(session: Session, person: str) -> Actor:
    """Return a person, by code, as one who acts on a page."""
    return Actor(
        person, session.scalars(select(tables.Person.id).where(tables.Person.code == person)).one(), Channel.PAGE
    )
