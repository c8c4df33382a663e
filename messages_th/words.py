"""The official Thai word for every choice the domain knows (``domain.md`` §3, §8, §10)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from domain.appointments import AppointmentFault
from domain.bulk_approval import Caution, Outcome
from domain.circulars.audience import GroupFault
from domain.circulars.letters import LetterPart, Relation, Urgency
from domain.circulars.life import CircularState
from domain.fiscal import YearBasis
from domain.modules import Module, ModuleState
from domain.organisation import Capacity, UnitLevel
from domain.policy import LateReports
from domain.reminders import Step
from domain.report_standing import ReportStanding
from domain.roles import Role
from domain.send_timing import SendTiming
from domain.submissions import DutyState, ExecutionStatus, SubmissionKind, SubmissionState
from domain.windows import Roll, Scope, Stage, WindowKind

_WORDS: Mapping[type[StrEnum], Mapping[StrEnum, str]] = MappingProxyType(
    {
        Role: {
            Role.PROJECT_OFFICER: "ผู้นำเข้าข้อมูลโครงการ",
            Role.PLAN_OFFICER: "ผู้นำเข้าข้อมูลแผน",
            Role.APPROVER: "ผู้อนุมัติ",
            Role.MINISTRY_COORDINATOR: "ผู้ประสานงานระดับกระทรวง (ป.ย.ป.)",
            Role.MONITOR: "ผู้ติดตามและตรวจสอบ",
            Role.ASSISTANT: "ผู้ช่วย",
            Role.ADMIN: "ผู้ดูแลระบบ",
        },
        WindowKind: {
            WindowKind.PROJECT_ENTRY: "ข้อมูลโครงการ",
            WindowKind.MIDYEAR_ENTRY: "ข้อมูลโครงการระหว่างปี",
            WindowKind.QUARTER_REPORT: "รายงานความก้าวหน้า",
            WindowKind.LEVEL3_PLAN: "แผนระดับ 3",
            WindowKind.ACHIEVEMENT_ANNUAL: "รายงานผลสัมฤทธิ์แผนปฏิบัติราชการรายปี",
            WindowKind.ACHIEVEMENT_ACTION_PLAN: "รายงานผลสัมฤทธิ์แผนปฏิบัติการด้าน",
            WindowKind.OPEN_D: "ข้อมูลในระบบฐานข้อมูลเปิดภาครัฐ (Open-D)",
            WindowKind.PROPOSAL: "ข้อเสนอโครงการเพื่อขับเคลื่อนการบรรลุเป้าหมายตามยุทธศาสตร์ชาติ",
        },
        Stage: {
            Stage.AGENCY: "ระดับหน่วยงาน",
            Stage.UPPER: "ระดับกระทรวง",
            Stage.ALL: "ระดับหน่วยงานและระดับกระทรวง",
        },
        Step: {
            Step.OPENED: "เปิดให้ดำเนินการ",
            Step.AHEAD: "ใกล้ครบกำหนด",
            Step.LAST_DAY: "วันทำการสุดท้าย",
            Step.OVERDUE: "พ้นกำหนด",
            Step.PENDING: "รอพิจารณา",
            Step.ESCALATED: "เพื่อทราบ",
        },
        DutyState: {
            DutyState.MISSING: "ยังไม่กรอก",
            DutyState.DRAFT: "ร่าง",
            DutyState.RETURNED: "ส่งกลับแก้ไข",
            DutyState.WAITING: "รออนุมัติ",
        },
        SubmissionState: {
            SubmissionState.DRAFT: "ฉบับร่าง",
            SubmissionState.PENDING_APPROVAL: "รออนุมัติ",
            SubmissionState.RETURNED: "ส่งกลับแก้ไข",
            SubmissionState.APPROVED: "อนุมัติแล้ว",
        },
        ReportStanding: {
            ReportStanding.NOT_OWED: "ไม่ต้องรายงาน",
            ReportStanding.NOT_YET: "ยังไม่ถึงรอบ",
            ReportStanding.MISSING: "ยังไม่รายงาน",
            ReportStanding.HIDDEN: "ยังไม่มีข้อมูล",
            ReportStanding.DRAFT: "ร่าง",
            ReportStanding.WAITING: "รออนุมัติ",
            ReportStanding.RETURNED: "ส่งกลับแก้ไข",
            ReportStanding.APPROVED: "อนุมัติแล้ว",
        },
        Module: {
            Module.M1: "ความเชื่อมโยงกับแผน",
            Module.M2: "ข้อมูลทั่วไป",
            Module.M3: "รายละเอียดโครงการ",
            Module.M4: "กิจกรรม",
            Module.M5: "งบประมาณ",
            Module.M6: "รายงานความก้าวหน้า",
            Module.M7: "การอนุมัติข้อมูลโครงการ",
        },
        ModuleState: {
            ModuleState.COMPLETE: "ครบ",
            ModuleState.PARTIAL: "บางส่วน",
            ModuleState.WAITING: "รออนุมัติ",
            ModuleState.EMPTY: "ยังไม่มี",
            ModuleState.NOT_NEEDED: "ไม่ต้องมี",
        },
        SubmissionKind: {
            SubmissionKind.PROJECT_ENTRY: "ข้อมูลโครงการ",
            SubmissionKind.PROJECT_EDIT: "การแก้ไขข้อมูลโครงการ",
            SubmissionKind.QUARTER_REPORT: "รายงานความก้าวหน้ารายไตรมาส",
            SubmissionKind.LEVEL3_PLAN: "แผนระดับ 3",
            SubmissionKind.ACHIEVEMENT_REPORT: "รายงานผลสัมฤทธิ์",
        },
        ExecutionStatus: {
            ExecutionStatus.NOT_STARTED: "ยังไม่เริ่ม",
            ExecutionStatus.IN_PROGRESS: "อยู่ระหว่างดำเนินการ",
            ExecutionStatus.COMPLETED: "แล้วเสร็จ",
            ExecutionStatus.CANCELLED: "ยกเลิก",
        },
        YearBasis: {
            YearBasis.FISCAL: "ปีงบประมาณ",
            YearBasis.CALENDAR: "ปีปฏิทิน",
        },
        UnitLevel: {
            UnitLevel.MINISTRY: "กระทรวง",
            UnitLevel.GROUP: "กลุ่มภารกิจ",
            UnitLevel.AGENCY: "กรม",
            UnitLevel.DIVISION: "กอง",
        },
        AppointmentFault: {
            AppointmentFault.NOT_YOURS: "ท่านไม่ใช่ผู้ที่กำหนดผู้พิจารณาแทนในลำดับนี้ได้",
            AppointmentFault.SAME_PERSON: "ผู้รับมอบหมายต้องไม่ใช่ผู้มอบหมายเอง",
            AppointmentFault.NOT_OF_MINISTRY: "ไม่พบบุคคลนี้ในกระทรวง หรือไม่มีตำแหน่งที่มีผลอยู่",
            AppointmentFault.ENDS_BEFORE_START: "วันสุดท้ายต้องไม่มาก่อนวันแรก",
            AppointmentFault.TOO_LONG: "ระยะเวลาต้องไม่เกินหนึ่งปี",
            AppointmentFault.IN_THE_PAST: "วันแรกต้องไม่เป็นวันที่ผ่านไปแล้ว",
            AppointmentFault.TOO_FAR_AHEAD: "วันแรกต้องอยู่ภายในหนึ่งปีนับจากวันนี้",
            AppointmentFault.OVERLAPS: "มอบหมายบุคคลนี้ไว้แล้วในบางวันของช่วงนี้",
        },
        Capacity: {
            Capacity.ACTING: "รักษาราชการแทน",
            Capacity.ON_BEHALF: "ปฏิบัติราชการแทน",
        },
        Caution: {
            Caution.OVER_BUDGET: "ยอดเบิกจ่ายสะสมเกินวงเงินโครงการ",
            Caution.FAR_ABOVE_PLAN: "เบิกจ่ายสูงกว่าแผนมาก",
            Caution.FAR_BELOW_PLAN: "เบิกจ่ายต่ำกว่าแผนมาก",
            Caution.INCOMPLETE: "ข้อมูลไม่ครบถ้วน",
            Caution.OPEN_QUESTION: "รอหน่วยงานตอบข้อมูลเพิ่ม",
            Caution.LATE: "ส่งล่าช้า",
            Caution.RESENT: "ส่งใหม่หลังแก้ไข",
            Caution.EDIT: "แก้ไขข้อมูลที่อนุมัติแล้ว",
        },
        Outcome: {
            Outcome.APPROVED: "อนุมัติแล้ว",
            Outcome.UNDONE: "ท่านยกเลิกการอนุมัติแล้ว",
            Outcome.DECIDED: "มีผู้พิจารณาแล้ว",
            Outcome.RESENT: "หน่วยงานส่งฉบับใหม่หลังจากแสดงรายการ โปรดดูฉบับล่าสุดเมื่อมาถึงลำดับของท่าน",
            Outcome.WITHDRAWN: "หน่วยงานดึงกลับแล้ว",
            Outcome.NOT_YOURS: "ไม่อยู่ในลำดับการพิจารณาของท่านแล้ว",
            Outcome.OWN: "ท่านเป็นผู้ส่งเรื่องนี้ จึงพิจารณาเองไม่ได้",
            Outcome.MOVED: "ไม่ได้รออยู่ที่ลำดับของท่านแล้ว",
        },
        Scope: {
            Scope.UNIT: "กอง",
            Scope.AGENCY: "กรม",
            Scope.AGENCY_GROUP: "กลุ่มภารกิจ",
            Scope.MINISTRY: "กระทรวง",
            Scope.NATIONAL: "ประเทศ",
        },
        Roll: {
            Roll.NONE: "ไม่เลื่อนวันครบกำหนด",
            Roll.NEXT_WORKING_DAY: "เลื่อนเป็นวันทำการถัดไป",
        },
        LateReports: {
            LateReports.ALLOW: "รับรายงานล่าช้าโดยให้แจ้งเหตุผล",
            LateReports.REOPEN_ONLY: "รับรายงานล่าช้าเมื่อเปิดระบบให้เท่านั้น",
        },
        SendTiming: {
            SendTiming.ON_TIME: "ส่งในกำหนด",
            SendTiming.RESENT: "แก้ไขตามที่ส่งกลับ",
            SendTiming.LATE: "ส่งล่าช้า",
        },
        Urgency: {
            Urgency.NORMAL: "ปกติ",
            Urgency.URGENT: "ด่วน",
            Urgency.VERY_URGENT: "ด่วนมาก",
            Urgency.MOST_URGENT: "ด่วนที่สุด",
        },
        CircularState: {
            CircularState.DRAFT: "ฉบับร่าง",
            CircularState.WAITING_RELEASE: "รอปล่อยส่ง",
            CircularState.SCHEDULED: "รอเวลาส่ง",
            CircularState.SENDING: "กำลังส่ง",
            CircularState.PAUSED: "พักการส่ง",
            CircularState.SENT: "ส่งแล้ว",
            CircularState.CANCELLED: "ยกเลิกการส่งแล้ว",
        },
        LetterPart: {
            LetterPart.LETTER_NO: "เลขที่หนังสือ",
            LetterPart.LETTER_DATE: "วันที่ของหนังสือ",
            LetterPart.SUBJECT: "เรื่อง",
            LetterPart.TEXT: "ข้อความ",
            LetterPart.AUDIENCE: "ผู้รับ",
            LetterPart.URGENCY: "ชั้นความเร็ว",
            LetterPart.ACKNOWLEDGE_BY: "การรับทราบ",
            LetterPart.SEND_AT: "เวลาส่ง",
        },
        GroupFault: {
            GroupFault.NO_NAME: "ยังไม่ได้ระบุชื่อกลุ่ม",
            GroupFault.LONG_NAME: "ชื่อกลุ่มยาวเกินไป",
            GroupFault.NAME_TAKEN: "มีกลุ่มชื่อนี้แล้ว โปรดใช้ชื่ออื่นหรือลบกลุ่มเดิมก่อน",
            GroupFault.TOO_MANY: "มีกลุ่มที่บันทึกไว้ครบจำนวนแล้ว โปรดลบกลุ่มที่ไม่ใช้ก่อน",
        },
        Relation: {
            Relation.CORRECTS: "แก้ไข",
            Relation.WITHDRAWS: "ยกเลิก",
        },
    }
)


def word(member: StrEnum) -> str:
    """Return the Thai word for a member of any of the domain's enumerations."""
    return _WORDS[type(member)][member]
