"""What the command line says, in Thai."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

PROGRAM = "บอต LINE สำหรับติดตามการรายงานในระบบ eMENSCR"
HELP_OPTION = "แสดงคำอธิบายนี้แล้วจบ"
USAGE = "วิธีใช้"
OPTIONS = "ตัวเลือก"
COMMANDS = "คำสั่ง"

POLICY: Mapping[str, str] = {
    "lead_days": "จำนวนวันทำการก่อนวันทำการสุดท้ายที่จะเตือนล่วงหน้า เช่น 5,2",
    "head_joins_at": "หัวหน้าหน่วยงานร่วมรับการเตือนตั้งแต่การเตือนล่วงหน้าครั้งที่เท่าใด ไม่เกินจำนวนใน lead_days เช่น 2",
    "send_from": "เวลาเริ่มส่ง ระหว่าง 06:00–18:00 และก่อน send_until เช่น 08:30",
    "send_until": "เวลาสิ้นสุดการส่ง ระหว่าง 06:00–18:00 และหลัง send_from เช่น 16:30",
    "late_reports": "รับรายงานล่าช้าโดยแจ้งเหตุผล (allow) หรือเมื่อเปิดระบบให้เท่านั้น (reopen_only)",
    "roll": "วันสุดท้ายที่ตรงกับวันหยุดไม่เลื่อน (none) หรือเลื่อนเป็นวันทำการถัดไป (next_working_day)",
    "tracked_from": "ไตรมาสแรกที่เริ่มติดตาม เช่น 1/2566",
    "escalate_after": "จำนวนวันทำการ (1–60) ที่เรื่องรอในลำดับเดียว ก่อนแจ้งผู้ประสานงานแม้ยังอยู่ในกำหนด เช่น 3",
    "admin_after": "จำนวนวันทำการ (1–60) ที่เรื่องรอในลำดับเดียว ก่อนแจ้งผู้ดูแลระบบ เช่น 5",
    "mirror_emenscr": "หน่วยงานยังต้องคัดลอกรายงานที่อนุมัติแล้วไปบันทึกใน eMENSCR เอง และแจ้งวันที่บันทึก (on) หรือไม่ต้อง (off)",
    "second_officer": "หนังสือเวียนต้องมีเจ้าหน้าที่คนที่สองเป็นผู้ปล่อยส่ง (on) หรือผู้ร่างปล่อยเองได้ (off)",
    "remind_silent": "เตือนผู้ที่ยังไม่รับทราบหนังสือเวียน กี่วันทำการก่อนวันสุดท้าย เช่น 3,1 หรือไม่เตือน (off)",
}
"""What each policy decides and what it may be, by its name."""

HELP: Mapping[str, str] = {
    "db": "จัดการโครงสร้างฐานข้อมูล",
    "db upgrade": "สร้างหรือปรับปรุงโครงสร้างฐานข้อมูลให้เป็นรุ่นล่าสุด",
    "remind": "นำการแจ้งเตือนที่ถึงกำหนดแล้วทั้งหมดเข้าคิวส่ง",
    "rehearse": "ซ้อม: แสดงทุกข้อความที่จะส่งในช่วงวันที่กำหนด หากยังไม่มีผู้ใดดำเนินการ (ไม่บันทึกสิ่งใด)",
    "understand": "แสดงความหมายของประโยคแต่ละบรรทัดที่รับเข้ามา เป็น JSON บรรทัดละหนึ่งประโยค",
    "serve": "เปิดเว็บเซิร์ฟเวอร์",
    "worker": "ตอบข้อความที่ค้างอยู่ และส่งข้อความในคิวไปยัง LINE",
    "clock": "ตรวจทุกนาทีว่ามีการแจ้งเตือนใดถึงกำหนด",
    "run": "เปิดเว็บ การส่งข้อความ และนาฬิกา ในโปรแกรมเดียว",
    "outbox": "แสดงข้อความที่รอส่งหรือพักไว้",
    "outbox retry": "ส่งข้อความที่พักไว้ซึ่งมีเลข ID เหล่านี้อีกครั้ง",
    "policy": "นโยบายของกระทรวง",
    "policy show": "แสดงนโยบายของกระทรวง",
    "policy set": "กำหนดนโยบายชื่อ NAME ของกระทรวงเป็น VALUE (มีบันทึกการเปลี่ยนแปลง) ดูชื่อทั้งหมดด้วย policy show",
    "richmenu": "เมนูใต้ช่องแชตของแต่ละบทบาท",
    "richmenu render": "วาดเมนูทั้งหมดเป็นไฟล์ PNG ลงในโฟลเดอร์ DIR",
    "richmenu sync": "ปรับเมนูบน LINE ให้ตรงกับโปรแกรม ย้ายผู้ใช้ แล้วลบเมนูเดิม (เรียกซ้ำได้)",
    "ask": "แสดงข้อความ LINE (JSON) ที่บุคคลนี้จะได้รับเมื่อพิมพ์ TEXT (ไม่ส่งและไม่บันทึกสิ่งใด)",
    "doctor": "ตรวจความพร้อมของระบบ ทีละรายการ พร้อมวิธีแก้ไข",
}

OPTION: Mapping[str, str] = {
    "at": "ณ วันเวลา (ISO 8601 เช่น 2023-03-20T08:30:00+07:00) แทนเวลาปัจจุบัน",
    "dry_run": "แสดงผลอย่างเดียว ไม่บันทึก",
    "format": "รูปแบบผลลัพธ์",
    "from": "ตั้งแต่วันที่ (ค.ศ. เช่น 2023-04-01)",
    "to": "ถึงวันที่ (ค.ศ. เช่น 2023-04-30)",
    "drain": "ส่งทุกข้อความที่ถึงกำหนดแล้วจบ",
    "state": "เฉพาะสถานะนี้",
    "ministry": "รหัสกระทรวง",
    "person": "รหัสบุคคล",
}

REQUIRED = "จำเป็น"
OPTIONS_METAVAR = "[ตัวเลือก]"
COMMAND_METAVAR = "คำสั่ง ..."
UNEXPECTED_ARGUMENTS = "มีคำเกินมาจากรูปแบบของคำสั่ง"
FILE_EXPECTED = "ต้องเป็นชื่อไฟล์ที่ใช้ได้"


def no_such_command(name: str) -> str:
    """Return that there is no such command."""
    return f"ไม่มีคำสั่ง {name}"


def no_such_option(name: str) -> str:
    """Return that the command has no such option."""
    return f"ไม่มีตัวเลือก {name}"


def option_without_value(name: str) -> str:
    """Return that an option lacks its value, or has one that it does not take."""
    return f"ใช้ตัวเลือก {name} ไม่ถูกรูปแบบ: ไม่ได้ระบุค่า หรือระบุค่าทั้งที่ไม่ต้องมี"


def missing(name: str) -> str:
    """Return that an argument or a required option is missing."""
    return f"ขาด {name}"


def bad_value(name: str, expected: str) -> str:
    """Return that a value cannot be used, and what is expected instead."""
    return f"ค่าของ {name} ไม่ถูกต้อง: {expected}"


def one_of(choices: Iterable[str]) -> str:
    """Return what a choice must be."""
    return f"ต้องเป็นค่าใดค่าหนึ่งใน {', '.join(choices)}"


def whole_number(lowest: int, highest: int) -> str:
    """Return what a whole number must be."""
    return f"ต้องเป็นจำนวนเต็ม {lowest}–{highest}"


def see_help(problem: str, command: str) -> str:
    """Return one line for a misused command."""
    return f"{problem} – ดูวิธีใช้ด้วย: {command} --help"


_ORIGIN_EXPECTED = "ต้องเป็นที่อยู่ต้นทาง เช่น https://bot.example.go.th (ไม่มีพาธต่อท้าย)"
_DIGITS_EXPECTED = "ต้องเป็นตัวเลขล้วน ตามที่แสดงใน LINE Developers Console"
_SETTING_EXPECTED: Mapping[str, str] = {
    "DATABASE_URL": "ต้องเป็น sqlite:///ไฟล์ หรือ postgresql://ผู้ใช้:รหัสผ่าน@เครื่อง/ฐานข้อมูล",
    "LINE_CHANNEL_ID": _DIGITS_EXPECTED,
    "LINE_LOGIN_CHANNEL_ID": _DIGITS_EXPECTED,
    "LINE_API_BASE": _ORIGIN_EXPECTED,
    "PUBLIC_URL": _ORIGIN_EXPECTED,
    "LIFF_ID": "ต้องเป็นรหัสแอป LIFF เช่น 1234567890-abcdefgh",
    "LINE_BASIC_ID": "ต้องเป็นไอดีของบัญชี เช่น @123abcde",
    "APP_ENV": "ต้องเป็น development หรือ production",
    "BOT_NOW": "ต้องเป็นวันเวลา ค.ศ. แบบ ISO 8601 ที่มีเขตเวลา เช่น 2023-03-20T08:29:00+07:00",
    "PORT": "ต้องเป็นจำนวนเต็ม 1–65535",
    "WEB_CONCURRENCY": "ต้องเป็นจำนวนเต็ม 1–64",
    "LOG_LEVEL": "ต้องเป็น DEBUG, INFO, WARNING หรือ ERROR",
    "LOG_FORMAT": "ต้องเป็น console หรือ json",
}
_SETTING_PROBLEMS: Mapping[str, str] = {
    "no_file": "อ่านไฟล์ที่ระบุไม่ได้ หรือไฟล์ว่างเปล่า",
    "weak": "เมื่อ APP_ENV=production ต้องกำหนดเป็นข้อความสุ่มยาว 32 ตัวอักษรขึ้นไป",
    "not_https": "เมื่อ APP_ENV=production ต้องขึ้นต้นด้วย https://",
    "missing": "ต้องกำหนดด้วยเมื่อกำหนด LIFF_ID (เลข Channel ID ของช่องทาง LINE Login ที่มีแอป LIFF นั้น)",
    "development_only": "ใช้ไม่ได้เมื่อ APP_ENV=production",
    "not_in_dotenv": "กำหนด production ในไฟล์ .env ไม่ได้ ต้องกำหนดเป็นตัวแปรสภาพแวดล้อม",
}


def bad_settings(problems: Mapping[str, str]) -> list[str]:
    """Return a line for each refused setting; ``problems`` has the values of ``SettingProblem`` by name."""
    return [
        f"ค่า {name} ใช้ไม่ได้: {_SETTING_PROBLEMS.get(problem) or _SETTING_EXPECTED.get(name, 'ค่าไม่ถูกต้อง')}"
        for name, problem in sorted(problems.items())
    ]


DATABASE_UNREACHABLE = "ใช้ฐานข้อมูลไม่ได้ – ตรวจค่า DATABASE_URL และดูว่าเซิร์ฟเวอร์ฐานข้อมูลทำงานอยู่ หรือไฟล์ไม่ถูกโปรแกรมอื่นใช้ค้างไว้"
SCHEMA_NOT_CURRENT = "โครงสร้างฐานข้อมูลยังไม่เป็นรุ่นล่าสุด – เรียก emenscr-bot db upgrade ก่อน"
SCHEMA_CURRENT = "โครงสร้างฐานข้อมูลเป็นรุ่นล่าสุดแล้ว"
SCHEMA_TOO_NEW = "โครงสร้างฐานข้อมูลใหม่กว่าโปรแกรมรุ่นนี้ – ติดตั้งโปรแกรมรุ่นที่ใช้กับฐานข้อมูลนี้"
BAD_INSTANT = "ต้องเป็นวันเวลา ค.ศ. แบบ ISO 8601 ที่มีเขตเวลา เช่น 2023-03-20T08:30:00+07:00"
BAD_DAY = "ต้องเป็นวันที่ ค.ศ. เช่น 2023-04-01"
BAD_SPAN = "--from ต้องไม่หลัง --to และห่างกันไม่เกิน 1,100 วัน"
NOTHING_DUE = "ไม่มีการแจ้งเตือนที่ถึงกำหนด"
OUTBOX_EMPTY = "ไม่มีข้อความในคิว"
NO_MINISTRY = "ยังไม่มีกระทรวงในระบบ – นำเข้าไฟล์หน่วยงานก่อนด้วย emenscr-bot import"
LINE_NOT_CONFIGURED = "ยังไม่ได้ตั้งค่า LINE – กำหนด LINE_CHANNEL_ID และ LINE_CHANNEL_SECRET หรือ LINE_CHANNEL_ACCESS_TOKEN"


def queued(count: int, unlinked: int) -> str:
    """Return how many reminders were planned, and how many of them cannot be sent for want of a LINE account."""
    if not unlinked:
        return f"นำเข้าคิวส่งแล้ว {count:,} ข้อความ"
    return f"นำเข้าคิวส่งแล้ว {count - unlinked:,} ข้อความ และข้ามไป {unlinked:,} ข้อความ เพราะผู้รับยังไม่ผูกบัญชี LINE"


def reminder_line(person: str, alt: str, *, linked: bool) -> str:
    """Return one reminder as a line of text."""
    mark = "" if linked else " (ยังไม่ผูกบัญชี LINE)"
    return f"{person}{mark}: {alt}"


def month_line(month: str, messages: int, quota: int | None) -> str:
    """Return how many messages a month takes of LINE's allowance."""
    allowance = "ไม่ทราบโควตา" if quota is None else f"โควตา {quota:,}"
    return f"{month}: {messages:,} ข้อความ ({allowance})"


def retried(count: int) -> str:
    """Return how many parked messages go out again."""
    return f"จะส่งใหม่ {count:,} ข้อความ"


def not_retried(number: int, why: str) -> str:
    """Return why one message cannot be sent again; ``why`` is the value of a ``Retrial``."""
    if why == "too_old":
        return f"ข้อความ {number}: LINE อาจรับไว้แล้วและพ้น 24 ชั่วโมง หากส่งใหม่อาจได้รับซ้ำ จึงไม่ส่ง"
    if why == "too_late":
        return f"ข้อความ {number}: พ้นเวลาที่กำหนดให้ส่งแล้ว จึงไม่ส่งใหม่"
    return f"ข้อความ {number}: ไม่ได้พักไว้ จึงไม่ส่งใหม่"


def outbox_line(number: int, state: str, person: str, kind: str, reason: str) -> str:
    """Return one message of the outbox as a line."""
    return f"{number}\t{state}\t{person}\t{kind}\t{reason}"


def unknown_policy(name: str, known: str) -> str:
    """Return that there is no policy of this name."""
    return f"ไม่มีนโยบายชื่อ {name} – ใช้ได้: {known}"


def unknown_person(code: str) -> str:
    """Return that nobody has this code."""
    return f"ไม่พบบุคคลรหัส {code}"


def unknown_ministry(code: str) -> str:
    """Return that there is no ministry with this code."""
    return f"ไม่พบกระทรวงรหัส {code} – ตรวจรหัสในไฟล์หน่วยงานที่นำเข้า"


def bad_policy_value(name: str, value: str) -> str:
    """Return that a policy cannot take the value, and what it takes."""
    return f"ค่า {value!r} ใช้กับนโยบาย {name} ไม่ได้ – {POLICY[name]}; ใส่ - เพื่อกลับไปใช้ค่าตั้งต้น"


def policy_line(ministry: str, name: str, value: str, *, is_default: bool) -> str:
    """Return one policy value as a line."""
    return f"{ministry}\t{name}\t{value or '-'}{' (ค่าตั้งต้น)' if is_default else ''}\t{POLICY[name]}"
