"""A report of the Ministry of Labour from its unit to the permanent secretary, as five phones show it (domain.md §4).

What arrives on a phone is what its owner presses. The agency's window closes on 20 March, the ministry's on the 31st.
"""

from collections.abc import Sequence

from domain.submissions import SubmissionState
from storage import tables
from storage.reference import load_reference
from storage.submissions.sending import withdraw
from storage.tables.submissions import Verdict
from tests.chatting import Chatter, Shown
from tests.office import Bot, bangkok, labour, steps
from tests.submitting import actor_of, decide_now, moment, send_report, submission_of

__all__ = ["labour"]

PROJECT, OFFICER = "รง 0501-66-0003", "P00033"
HEAD, DIRECTOR_GENERAL, CLUSTER_HEAD, SECRETARY = "P00034", "P00031", "P00006", "P00005"
COORDINATORS = ("P00003", "P00004")
REASON = "ขอให้ระบุจำนวนผู้ผ่านการอบรมแยกรายจังหวัด"
DONE = "อนุมัติครบทุกลำดับแล้ว"


class Owner(Chatter):
    """Somebody who presses what the phone shows."""

    def looks(self, after: int = 0) -> Shown:
        """Take up the phone, and return the newest message that came after the first ``after``."""
        self.last = Shown(self.bot.phone(self.code)[after:][-1:])
        return self.last

    @property
    def messages(self) -> int:
        """How many messages there are on the phone."""
        return len(self.bot.phone(self.code))

    def approves(self) -> Shown:
        """Approve what the phone shows, and confirm it."""
        assert self.presses("อนุมัติ").contains("ยืนยันอนุมัติ", PROJECT)
        return self.presses("ยืนยันอนุมัติ")


def at(bot: Bot, on: str, hour: str) -> None:
    """Let it be that hour, and the worker send all that is due by then."""
    bot.at = bangkok(on, hour)
    bot.send()


def test_a_report_goes_from_the_unit_to_the_permanent_secretary_with_a_return_on_its_way(labour: Bot) -> None:
    officer, head, director, cluster_head = (
        Owner(labour, code) for code in (OFFICER, HEAD, DIRECTOR_GENERAL, CLUSTER_HEAD)
    )
    labour.link(*COORDINATORS)
    labour.at = bangkok("20 มี.ค. 66", "09:00")
    number = send_report(labour, OFFICER, PROJECT)

    at(labour, "20 มี.ค. 66", "09:00")
    assert head.looks().contains(PROJECT, "ลำดับที่ 1 จาก 4", "นักวิเคราะห์นโยบายและแผน")
    assert head.approves().contains("อนุมัติแล้ว", "ขั้นต่อไป: อธิบดี")

    at(labour, "20 มี.ค. 66", "09:01")
    assert officer.looks().contains("อนุมัติแล้ว ลำดับที่ 1 จาก 4", "ขั้นต่อไป: อธิบดี", PROJECT)
    assert director.messages == 0  # it can still be taken back
    at(labour, "20 มี.ค. 66", "09:10")
    assert director.looks().contains(PROJECT, "รอท่านพิจารณา ลำดับที่ 2 จาก 4")
    assert director.approves().contains("อนุมัติแล้ว", "ขั้นต่อไป: ")
    at(labour, "20 มี.ค. 66", "09:21")
    assert "อนุมัติแล้ว ลำดับที่ 2 จาก 4" in officer.looks().text
    assert cluster_head.looks().contains(PROJECT, "ลำดับที่ 3 จาก 4")
    waiting = reminded_of(labour, CLUSTER_HEAD, "21 มี.ค. 66")

    labour.at = bangkok("22 มี.ค. 66", "10:00")
    before = [(owner, owner.messages) for owner in (officer, head, director)]
    assert cluster_head.presses("ส่งกลับแก้ไข").text
    assert cluster_head.says(REASON).contains(REASON)
    assert cluster_head.presses("ยืนยันส่งกลับแก้ไข").contains("ส่งกลับแก้ไขแล้ว", REASON)
    at(labour, "22 มี.ค. 66", "10:01")
    for owner, known in before:
        assert owner.looks(known).contains("ส่งกลับแก้ไข", f"“{REASON}”", "หัวหน้ากลุ่มภารกิจ"), owner.code

    labour.at = bangkok("30 มี.ค. 66", "09:00")
    assert send_report(labour, OFFICER, PROJECT, summary="ผ่านการอบรม 12 จังหวัด จังหวัดละ 40 คน") == number
    assert flags(labour, number) == [(1, False, False), (2, False, True)]
    at(labour, "30 มี.ค. 66", "09:00")
    assert head.looks().contains("แก้ไขตามที่ส่งกลับ", REASON, "ลำดับที่ 1 จาก 4")
    assert head.approves().contains("ขั้นต่อไป: อธิบดี")
    at(labour, "30 มี.ค. 66", "09:10")
    assert director.looks().contains("แก้ไขตามที่ส่งกลับ", "ลำดับที่ 2 จาก 4")
    director.approves()
    at(labour, "30 มี.ค. 66", "09:20")
    cluster_head.looks()
    cluster_head.approves()

    at(labour, "30 มี.ค. 66", "09:31")  # the permanent secretary has no phone yet
    for coordinator in COORDINATORS:
        assert "ปลัดกระทรวง" in Shown(labour.phone(coordinator)[-1:]).text
    secretary = Owner(labour, SECRETARY)
    labour.at = bangkok("31 มี.ค. 66", "16:00")
    secretary.says("รายการรออนุมัติ")
    assert secretary.presses(f"it1:{number}").contains(PROJECT, "ลำดับที่ 4 จาก 4")
    assert secretary.approves().contains(DONE)
    assert "ยกเลิกการอนุมัติ" not in secretary.last.buttons()
    at(labour, "31 มี.ค. 66", "16:01")
    assert officer.looks().contains(DONE, PROJECT)
    assert submission_of(labour, PROJECT).state is SubmissionState.APPROVED
    only_the_last_step_said_so(labour)
    assert reminded_of(labour, CLUSTER_HEAD, "3 เม.ย. 66") == waiting - 1
    assert reminded_of(labour, OFFICER, "4 เม.ย. 66") == 0


def test_what_the_ministry_returned_is_nobodys_delay_though_it_is_withdrawn_or_returned_by_the_agency(
    labour: Bot,
) -> None:
    labour.at = bangkok("20 มี.ค. 66", "09:00")
    number = send_report(labour, OFFICER, PROJECT)
    return_it(labour, number, CLUSTER_HEAD, after=(HEAD, DIRECTOR_GENERAL))
    labour.at = bangkok("24 มี.ค. 66", "09:00")
    send_report(labour, OFFICER, PROJECT)
    with labour.database.write() as session:
        reference = load_reference(session, labour.at.date())
        withdraw(session, reference, actor_of(session, OFFICER), number, 2, moment(labour))
    send_report(labour, OFFICER, PROJECT)
    return_it(labour, number, HEAD)
    send_report(labour, OFFICER, PROJECT)
    assert flags(labour, number) == [(1, False, False), (2, False, True), (3, False, True), (4, False, True)]
    assert not submission_of(labour, PROJECT).is_late


def test_what_was_late_at_first_stays_late_though_the_ministry_returned_it(labour: Bot) -> None:
    labour.at = bangkok("21 มี.ค. 66", "09:00")
    number = send_report(labour, OFFICER, PROJECT)
    return_it(labour, number, CLUSTER_HEAD, after=(HEAD, DIRECTOR_GENERAL))
    send_report(labour, OFFICER, PROJECT)
    assert flags(labour, number) == [(1, True, False), (2, False, True)]
    assert submission_of(labour, PROJECT).is_late


def return_it(bot: Bot, submission: int, person: str, after: Sequence[str] = ()) -> None:
    """Let somebody return the report, after others approved it."""
    for earlier in after:
        decide_now(bot, earlier, submission)
    decide_now(bot, person, submission, Verdict.RETURNED, REASON)


def reminded_of(bot: Bot, person: str, on: str) -> int:
    """Return how many reports of quarter 1/2566 a person is reminded of on a day, as officer or as approver."""
    topics = steps(bot.remind(at=bangkok(on)).get(person, {"topics": []}))
    return sum(count for kind, _, quarter, _, count in topics if (kind, quarter) == ("quarter_report", 1))


def flags(bot: Bot, submission: int) -> list[tuple[int, bool, bool]]:
    """Return of each version whether it was late, and whether it was sent again after a return by the ministry."""
    row = tables.SubmissionVersion
    with bot.database.read() as session:
        found = session.query(row).filter_by(submission_id=submission).order_by(row.version)
        return [(version.version, version.is_late, version.is_resent) for version in found]


def only_the_last_step_said_so(bot: Bot) -> None:
    """Check that nobody but the officer and the last approver was told that all steps are through."""
    people = (OFFICER, HEAD, DIRECTOR_GENERAL, CLUSTER_HEAD, SECRETARY, *COORDINATORS)
    heard = {person: sum(DONE in Shown([message]).text for message in bot.phone(person)) for person in people}
    assert {person: number for person, number in heard.items() if number} == {OFFICER: 1, SECRETARY: 1}
