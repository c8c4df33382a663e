"""What people really say (the project's domain page): every row is understood, intent and slots."""

import pytest

from messages_th.understanding import understand
from messages_th.understanding.intents import Intent, Relative, Slots, Status
from messages_th.understanding.sentences import agency_names

NAMES = agency_names()
GOLDEN = (
    ("ไตรมาสนี้โครงการไหนยังไม่รายงานบ้างครับ", Intent.UNREPORTED_PROJECTS, Slots(quarter=Relative.CURRENT)),
    ("ขอรายชื่อโครงการที่ยังไม่รายงาน Q2/66", Intent.UNREPORTED_PROJECTS, Slots(quarter=2, fiscal_year=2566)),
    ("กพร. เหลือกี่โครงการที่ยังไม่กรอก M6 คะ", Intent.UNREPORTED_PROJECTS, Slots(agency="กพร.")),
    ("ใครยังไม่ส่งรายงานไตรมาส ๑/๒๕๖๖", Intent.UNREPORTED_PROJECTS, Slots(quarter=1, fiscal_year=2566)),
    ("ของ กกจ. ไตรมาสที่แล้วมีค้างรายงานมั้ย", Intent.UNREPORTED_PROJECTS, Slots(agency="กกจ.", quarter=Relative.PREVIOUS)),
    (
        "โครงการที่ยังไม่รายงานความก้าวหน้า สปส. ไตรมาส 4/65",
        Intent.UNREPORTED_PROJECTS,
        Slots(agency="สปส.", quarter=4, fiscal_year=2565),
    ),
    ("ยังเหลือใครบ้างที่ยังไม่คีย์ M6", Intent.UNREPORTED_PROJECTS, Slots()),
    ("เช็คค้างรายงานให้ที q3", Intent.UNREPORTED_PROJECTS, Slots(quarter=3)),
    ("ยังไม่รายงานไตรมาส2มีไรบ้างคับ", Intent.UNREPORTED_PROJECTS, Slots(quarter=2)),
    ("โครงการของฉันมีอะไรบ้าง", Intent.MY_PROJECTS, Slots()),
    ("ขอดูโครงการที่กองเรารับผิดชอบปี 66", Intent.MY_PROJECTS, Slots(fiscal_year=2566)),
    ("งานในมือผมมีกี่โครงการครับ", Intent.MY_PROJECTS, Slots()),
    ("โครงการของกองที่ยังเป็นร่างอยู่", Intent.MY_PROJECTS, Slots(status=Status.DRAFT)),
    ("โครงการ รง 0402-66-0003 ถึงขั้นไหนแล้ว", Intent.PROJECT_STATUS, Slots(project_code="รง 0402-66-0003")),
    (
        "สถานะโครงการยกระดับฝีมือแรงงานรองรับ EEC หน่อยค่ะ",
        Intent.PROJECT_STATUS,
        Slots(project_query="ยกระดับฝีมือแรงงานรองรับ EEC"),
    ),
    ("รง๐๓๐๕-๖๖-๐๐๑๒ ผ่านหรือยัง", Intent.PROJECT_STATUS, Slots(project_code="รง 0305-66-0012")),
    ("เรื่องของผมท่านปลัดเซ็นรึยัง", Intent.PROJECT_STATUS, Slots()),
    ("รายงาน Q1 โครงการอบรม จป. อนุมัติครบทุกชั้นยัง", Intent.PROJECT_STATUS, Slots(quarter=1, project_query="อบรม จป.")),
    ("ทำไมโครงการศูนย์เด็กเล็กโดนตีกลับ", Intent.PROJECT_STATUS, Slots(project_query="ศูนย์เด็กเล็ก", status=Status.RETURNED)),
    ("มีเรื่องรออนุมัติกี่เรื่อง", Intent.PENDING_APPROVALS, Slots()),
    ("ขอดูรายการรอท่านอธิบดีอนุมัติ", Intent.PENDING_APPROVALS, Slots()),
    ("M7 ค้างของ กสร.", Intent.PENDING_APPROVALS, Slots(agency="กสร.")),
    ("งานรออนุมัติไตรมาส 3 มีมั้ยคะ", Intent.PENDING_APPROVALS, Slots(quarter=3)),
    ("วันนี้มีอะไรให้ผมเซ็นบ้าง", Intent.PENDING_APPROVALS, Slots()),
    ("pending m7 ของ กกจ", Intent.PENDING_APPROVALS, Slots(agency="กกจ.")),
    ("อนุมัติ รง 0214-66-0001", Intent.APPROVE, Slots(project_code="รง 0214-66-0001")),
    ("เห็นชอบโครงการพัฒนาระบบตลาดแรงงานครับ", Intent.APPROVE, Slots(project_query="พัฒนาระบบตลาดแรงงาน")),
    ("อนุมัติทั้งหมดที่รออยู่ของ กพร.", Intent.APPROVE, Slots(agency="กพร.")),
    ("ผ่านค่ะ", Intent.APPROVE, Slots()),
    ("ส่งกลับแก้ไข รง 0504-66-0007 งบประมาณไม่ตรงกับแผนการใช้จ่าย", Intent.RETURN, Slots(project_code="รง 0504-66-0007")),
    ("ตีกลับโครงการ Smart Labour ให้เพิ่มตัวชี้วัดผลลัพธ์", Intent.RETURN, Slots(project_query="Smart Labour")),
    ("ไม่ผ่านนะ ให้กองไปแก้ผลเบิกจ่ายก่อน", Intent.RETURN, Slots()),
    ("คืนเรื่อง รง 0606-66-0002", Intent.RETURN, Slots(project_code="รง 0606-66-0002")),
    ("ไตรมาส 2 ส่งได้ถึงวันไหนครับ", Intent.DEADLINE, Slots(quarter=2)),
    ("เหลืออีกกี่วันปิดรายงาน", Intent.DEADLINE, Slots()),
    ("กำหนดส่ง M6 ไตรมาสนี้วันสุดท้ายวันไหนคะ", Intent.DEADLINE, Slots(quarter=Relative.CURRENT)),
    ("M7 ชั้นปลัดต้องเสร็จเมื่อไหร่", Intent.DEADLINE, Slots()),
    ("ขยายเวลาไตรมาส 4 มั้ย", Intent.DEADLINE, Slots(quarter=4)),
    ("โครงการใหม่กลางปีคีย์ได้ถึงเมื่อไร", Intent.DEADLINE, Slots()),
    ("เดดไลน์รายงานผลสัมฤทธิ์ปี 66", Intent.DEADLINE, Slots(fiscal_year=2566)),
    ("แผนปฏิบัติราชการต้องนำเข้าภายในวันไหน", Intent.DEADLINE, Slots()),
    ("eMENSER ปิดวันไหน", Intent.DEADLINE, Slots()),
    ("ขอปฏิทิน eMENSCR ปี 2566 ทั้งปี", Intent.WINDOW_CALENDAR, Slots(fiscal_year=2566)),
    ("เปิดระบบให้รายงานช่วงไหนบ้าง", Intent.WINDOW_CALENDAR, Slots()),
    ("ไทม์ไลน์ของ สปส. ปี 66", Intent.WINDOW_CALENDAR, Slots(agency="สปส.", fiscal_year=2566)),
    ("เบิกจ่ายไตรมาส 2 ของ กพร. กี่เปอร์เซ็นต์แล้ว", Intent.DISBURSEMENT_STATUS, Slots(agency="กพร.", quarter=2)),
    ("โครงการ รง 0402-66-0003 ใช้เงินไปเท่าไหร่", Intent.DISBURSEMENT_STATUS, Slots(project_code="รง 0402-66-0003")),
    ("โครงการไหนเบิกจ่ายต่ำกว่าแผนบ้าง Q3", Intent.DISBURSEMENT_STATUS, Slots(quarter=3)),
    ("งบโครงการตรวจแรงงานเหลือเท่าไร", Intent.DISBURSEMENT_STATUS, Slots(project_query="ตรวจแรงงาน")),
    ("สรุปภาพรวมกระทรวงให้หน่อย", Intent.AGENCY_SUMMARY, Slots()),
    ("กสร. รายงานครบกี่เปอร์เซ็นต์แล้ว ไตรมาส 1", Intent.AGENCY_SUMMARY, Slots(agency="กสร.", quarter=1)),
    ("เทียบแต่ละกรมว่าใครรายงานครบแล้วบ้าง", Intent.AGENCY_SUMMARY, Slots()),
    ("สรุป สป.รง. Q4/66", Intent.AGENCY_SUMMARY, Slots(agency="สป.รง.", quarter=4, fiscal_year=2566)),
    ("ใช้งานยังไง", Intent.HELP, Slots()),
    ("เมนู", Intent.HELP, Slots()),
    ("ลืมรหัสเข้าระบบ eMENSCR ต้องติดต่อใคร", Intent.HELP, Slots()),
    ("ขอผูกบัญชีหน่อยค่ะ", Intent.LINK_ACCOUNT, Slots()),
    ("ลงทะเบียนผู้อนุมัติ", Intent.LINK_ACCOUNT, Slots()),
    ("ยกเลิกการเชื่อมบัญชี", Intent.UNLINK_ACCOUNT, Slots()),
    ("ย้ายกองแล้วขอถอดชื่อออก", Intent.UNLINK_ACCOUNT, Slots()),
    ("ส่งหนังสือเวียน รง 0214/ว 3 ถึงทุกกรม", Intent.BROADCAST, Slots()),
    ("แจ้งเวียนทุกกองของ กกจ. เรื่องขยายเวลา", Intent.BROADCAST, Slots(agency="กกจ.")),
    ("เตือนล่วงหน้า 3 วันพอ", Intent.SETTINGS_REMINDERS, Slots()),
    ("ปิดแจ้งเตือนวันเสาร์อาทิตย์", Intent.SETTINGS_REMINDERS, Slots()),
    ("ขอดูรายงานย้อนหลังของโครงการ รง 0305-66-0012", Intent.REPORT_HISTORY, Slots(project_code="รง 0305-66-0012")),
    ("ไตรมาสก่อน ๆ เรารายงานว่าอะไรไปบ้าง", Intent.REPORT_HISTORY, Slots()),
    ("โครงการที่เลยกำหนดแล้วมีอะไรบ้าง", Intent.OVERDUE_LIST, Slots()),
    ("ใครส่งช้าบ้าง Q1/66", Intent.OVERDUE_LIST, Slots(quarter=1, fiscal_year=2566)),
    ("สวัสดีค่ะ", Intent.GREETING, Slots()),
    ("หวัดดีบอท", Intent.GREETING, Slots()),
    ("เงินชราภาพประกันสังคมออกวันไหน", Intent.OUT_OF_SCOPE, Slots()),
    ("ช่วยเขียนผลการดำเนินงานให้หน่อย", Intent.OUT_OF_SCOPE, Slots()),
    ("พรุ่งนี้ฝนตกไหม", Intent.OUT_OF_SCOPE, Slots()),
)


@pytest.mark.parametrize(("utterance", "intent", "slots"), GOLDEN)
def test_what_people_really_say_is_understood(utterance: str, intent: Intent, slots: Slots) -> None:
    understood = understand(utterance, NAMES)
    assert (understood.intent, understood.slots) == (intent, slots)
