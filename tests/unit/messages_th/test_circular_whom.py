"""Whom a circular is for: read from what people type, and named back in words that read the same."""

from datetime import date

import pytest

from domain.circulars.audience import NOBODY, Audience
from domain.fiscal import Quarter, YearBasis
from domain.organisation import Organisation, Unit, UnitLevel
from domain.roles import Role
from messages_th.circulars.places import PlaceNames
from messages_th.circulars.reading_whom import Heard, read_audience
from messages_th.circulars.whom import NOBODY_YET, Names, audience_words
from messages_th.understanding.intents import Relative

M, A, D = UnitLevel.MINISTRY, UnitLevel.AGENCY, UnitLevel.DIVISION
UNITS = (
    Unit("รง", "กระทรวงแรงงาน", "รง.", M, None),
    Unit("รง02", "สำนักงานปลัดกระทรวงแรงงาน", "สป.รง.", A, "รง"),
    Unit("รง03", "กรมการจัดหางาน", "กกจ.", A, "รง"),
    Unit("รง0301", "กองยุทธศาสตร์และแผนงาน", "", D, "รง03"),
    Unit("รง0302", "กองบริหารการคลัง", "", D, "รง03"),
    Unit("รง04", "กรมพัฒนาฝีมือแรงงาน", "กพร.", A, "รง"),
    Unit("รง05", "กรมสวัสดิการและคุ้มครองแรงงาน", "กสร.", A, "รง"),
    Unit("รง0501", "กองยุทธศาสตร์และแผนงาน", "", D, "รง05"),
    Unit("รง0503", "กองตรวจความปลอดภัย", "", D, "รง05"),
    Unit("รง06", "สำนักงานประกันสังคม", "สปส.", A, "รง"),
    Unit("อก", "กระทรวงอุตสาหกรรม", "อก.", M, None),
    Unit("อก03", "กรมอุตสาหกรรมพื้นฐานและการเหมืองแร่", "กพร.", A, "อก"),
    Unit("อก0301", "กองบริหารการคลัง", "", D, "อก03"),
)
ORGANISATION = Organisation(UNITS, (), (), date(2023, 3, 20))
BEING_REPORTED = Quarter(2566, 1)
GROUPS = {7: "ผู้บริหาร กสร.", 9: "คณะทำงาน M6"}
AGENCIES = frozenset({"รง02", "รง03", "รง04", "รง05", "รง06"})
DIVISIONS = frozenset({"รง0301", "รง0302", "รง0501", "รง0503"})
OFFICER, PLANNER, APPROVER = Role.PROJECT_OFFICER, Role.PLAN_OFFICER, Role.APPROVER
COORDINATOR_ROLE, MONITOR, ASSISTANT = Role.MINISTRY_COORDINATOR, Role.MONITOR, Role.ASSISTANT


def _quarter(number: int | Relative | None, year: int | None) -> Quarter:
    return Quarter(year or 2566, number) if isinstance(number, int) else BEING_REPORTED


def _names(reach: frozenset[str] | None) -> Names:
    whole = frozenset() if reach is None else frozenset({"รง"})
    return Names(PlaceNames(ORGANISATION, reach), whole, _quarter, YearBasis.FISCAL, GROUPS, {3: "ที่ รง ๐๒๑๔/ว ๓"})


COORDINATOR, ADMIN = _names(ORGANISATION.below("รง")), _names(None)
WHOLE = frozenset({"รง"})


def units(*codes: str, **others: object) -> Audience:
    return Audience(units=frozenset(codes), **others)  # type: ignore[arg-type]


SAID = (
    ("ทุกคน", units("รง")),
    ("ทั้งกระทรวง", units("รง")),
    ("ส่งถึงทุกคนในกระทรวงครับ", units("รง")),
    ("กระทรวงแรงงาน", units("รง")),
    ("ทุกหน่วยงาน", units("รง")),
    ("ทุกกรม", Audience(units=AGENCIES)),
    ("ถึงทุกกรมในกระทรวงแรงงาน", Audience(units=AGENCIES)),
    ("ทุกกอง", Audience(units=DIVISIONS)),
    ("ทุกกอง ของ กกจ.", units("รง0301", "รง0302")),
    ("ทุกกองใน กกจ. และ กสร.", Audience(units=DIVISIONS)),
    ("กสร. และ กพร.", units("รง05", "รง04")),
    ("กสร กพร", units("รง05", "รง04")),
    ("กสร.,กพร. กับสำนักงานปลัด", units("รง05", "รง04", "รง02")),
    ("กรมการจัดหางาน กระทรวงแรงงาน", units("รง03")),
    ("กองตรวจความปลอดภัย", units("รง0503")),
    ("กองยุทธศาสตร์และแผนงาน ของ กสร.", units("รง0501")),
    ("กองยุทธศาสตร์และแผนงานกรมการจัดหางาน", units("รง0301")),
    ("รง0302", units("รง0302")),
    ("ผู้อนุมัติ", Audience(units=WHOLE, roles=frozenset({APPROVER}))),
    ("ผู้อนุมัติของ กสร.", units("รง05", roles=frozenset({APPROVER}))),
    ("ผู้ประสานงาน", Audience(units=WHOLE, roles=frozenset({COORDINATOR_ROLE}))),
    ("กลุ่ม ป.ย.ป.", Audience(units=WHOLE, roles=frozenset({COORDINATOR_ROLE}))),
    ("เจ้าหน้าที่ กกจ.", units("รง03", roles=frozenset({OFFICER}))),
    ("ผู้นำเข้าข้อมูลโครงการและผู้นำเข้าข้อมูลแผน", Audience(units=WHOLE, roles=frozenset({OFFICER, PLANNER}))),
    ("ผู้ช่วย กสร.", units("รง05", roles=frozenset({ASSISTANT}))),
    ("ผู้ติดตามและตรวจสอบ", Audience(units=WHOLE, roles=frozenset({MONITOR}))),
    ("เฉพาะที่ยังไม่รายงาน", Audience(units=WHOLE, unreported=BEING_REPORTED)),
    ("เฉพาะที่ยังไม่รายงานไตรมาสนี้", Audience(units=WHOLE, unreported=BEING_REPORTED)),
    ("หน่วยงานที่ยังไม่ส่งรายงาน ไตรมาส ๒/๖๖ ของ กสร.", units("รง05", unreported=Quarter(2566, 2))),
    ("ผู้อนุมัติ กกจ. เฉพาะที่ยังไม่รายงาน q4/65",
     units("รง03", roles=frozenset({APPROVER}), unreported=Quarter(2565, 4))),
    ("เจ้าหน้าที่ที่ยังไม่รายงาน", Audience(units=WHOLE, unreported=BEING_REPORTED)),
    ('กลุ่ม "ผู้บริหาร กสร."', Audience(groups=(7,))),
    ("«กลุ่ม “ผู้บริหาร กสร.”»", Audience(groups=(7,))),
    ("กกจ. และกลุ่ม “คณะทำงาน M6”", units("รง03", groups=(9,))),
    ("ทุกคน ยกเว้น สปส.", Audience(units=WHOLE, without_units=frozenset({"รง06"}))),
    ("ทุกคนยกเว้นสปส", Audience(units=WHOLE, without_units=frozenset({"รง06"}))),
    ("ทุกกรมไม่รวม สปส. และผู้อนุมัติ",
     Audience(units=AGENCIES, without_units=frozenset({"รง06"}), without_roles=frozenset({APPROVER}))),
    ("ทุกคน ยกเว้นผู้อนุมัติ เฉพาะ กสร.", units("รง05", without_roles=frozenset({APPROVER}))),
    ("กสร. ไม่ต้องส่งให้กองตรวจความปลอดภัย", units("รง05", without_units=frozenset({"รง0503"}))),
)  # fmt: skip


@pytest.mark.parametrize(("text", "meant"), SAID, ids=[text for text, _ in SAID])
def test_a_coordinator_says_whom_a_circular_is_for(text: str, meant: Audience) -> None:
    assert read_audience(text, COORDINATOR) == Heard(meant)


@pytest.mark.parametrize("names", (COORDINATOR, ADMIN), ids=("coordinator", "administrator"))
def test_what_is_named_back_reads_as_the_same_people(names: Names) -> None:
    for _, meant in SAID:
        words = audience_words(meant, names)
        assert read_audience(words, names) == Heard(meant), words


@pytest.mark.parametrize(("meant", "words"), (
    (NOBODY, NOBODY_YET),
    (units("รง"), "ทุกคนในกระทรวงแรงงาน"),
    (Audience(everyone=True), "ทุกคนในกระทรวงแรงงาน"),
    (units("รง05", "รง04"), "ทุกคนใน กพร. และกสร."),
    (Audience(units=AGENCIES), "ทุกคนในทุกกรมในกระทรวงแรงงาน"),
    (units("รง0301", "รง0302", "รง04"), "ทุกคนใน กพร. และทุกกองใน กกจ."),
    (units("รง0501"), "ทุกคนใน กองยุทธศาสตร์และแผนงาน กสร."),
    (units("รง", roles=frozenset({APPROVER, OFFICER}), without_units=frozenset({"รง06"})),
     "ผู้นำเข้าข้อมูลโครงการ และผู้อนุมัติ ในกระทรวงแรงงาน ยกเว้น สปส."),
    (units("รง", unreported=Quarter(2566, 1)),
     "ผู้นำเข้าข้อมูลโครงการ ในกระทรวงแรงงาน เฉพาะหน่วยงานที่ยังไม่รายงานไตรมาส 1/2566 (ต.ค.–ธ.ค. 65)"),
    (units("รง03", groups=(7, 8)), "ทุกคนใน กกจ. รวมทั้งกลุ่ม “ผู้บริหาร กสร.” และกลุ่มที่ลบไปแล้ว"),
    (units("รง99"), "ทุกคนใน หน่วยงานที่ไม่มีอยู่แล้ว"),
    (Audience(recipients_of=3), "ผู้รับหนังสือ ที่ รง ๐๒๑๔/ว ๓"),
))  # fmt: skip
def test_an_audience_is_named_as_an_office_would(meant: Audience, words: str) -> None:
    assert audience_words(meant, COORDINATOR) == words


def test_an_administrator_reaches_the_country() -> None:
    assert read_audience("ทุกคน", ADMIN) == Heard(Audience(everyone=True))
    assert audience_words(Audience(everyone=True), ADMIN) == "ทุกคนทั่วประเทศ"
    assert read_audience("ผู้อนุมัติทั่วประเทศ", ADMIN) == Heard(Audience(everyone=True, roles=frozenset({APPROVER})))
    everywhere = read_audience("ทุกกรมทั่วประเทศ", ADMIN).audience
    assert everywhere.units == AGENCIES | {"อก03"}
    assert audience_words(everywhere, ADMIN) == "ทุกคนในทุกกรมทั่วประเทศ"
    assert read_audience("ทุกกรมในกระทรวงอุตสาหกรรม", ADMIN).audience == units("อก03")


def test_a_name_of_several_units_is_asked_back_with_each_of_them() -> None:
    (unclear,) = read_audience("ส่งถึงกองยุทธศาสตร์และแผนงาน ยกเว้นผู้อนุมัติ", COORDINATOR).unclear
    assert unclear.choices == ("กองยุทธศาสตร์และแผนงาน กกจ.", "กองยุทธศาสตร์และแผนงาน กสร.")
    chosen = [read_audience(sentence, COORDINATOR).audience for sentence in unclear.sentences]
    assert [sorted(one.units) for one in chosen] == [["รง0301"], ["รง0501"]]
    assert all(one.without_roles == {APPROVER} for one in chosen)
    (abbreviated,) = read_audience("กพร.", ADMIN).unclear
    assert abbreviated.choices == ("กรมพัฒนาฝีมือแรงงาน", "กรมอุตสาหกรรมพื้นฐานและการเหมืองแร่")
    assert read_audience("กองบริหารการคลัง", COORDINATOR).audience == units("รง0302")  # the only one in reach


@pytest.mark.parametrize(("text", "words", "choices"), (
    ("กองคลัง", "กองคลัง", ["กองบริหารการคลัง กกจ."]),
    ("กสร. และกองคลัง", "กองคลัง", ["กองบริหารการคลัง กกจ."]),
    ("ผู้นำเข้าข้อมูล กสร.", "นำเข้าข้อมูล", ["ผู้นำเข้าข้อมูลโครงการ", "ผู้นำเข้าข้อมูลแผน"]),
    ("กระทรวงอุตสาหกรรม", "กระทรวงอุตสาหกรรม", []),
    ("ทั่วประเทศ", "ทั่วประเทศ", ["กระทรวงแรงงาน"]),
    ("กลุ่ม “พัสดุ”", 'กลุ่ม "พัสดุ', []),
    ("กสร. เฉพาะที่รายงานแล้ว", "รายงานแล้ว", []),
    ("ทุกคน ยกเว้นที่ยังไม่รายงาน", "ที่ยังไม่รายงาน", []),
    ("ปลาทู", "ปลาทู", []),
))  # fmt: skip
def test_what_is_not_known_is_asked_back_never_guessed(text: str, words: str, choices: list[str]) -> None:
    heard = read_audience(text, COORDINATOR)
    assert not heard.is_clear
    assert [(one.words, list(one.choices)) for one in heard.unclear] == [(words, choices)]


def test_an_administrator_without_a_ministry_is_asked_which() -> None:
    (unclear,) = read_audience("ทั้งกระทรวง", ADMIN).unclear
    assert unclear.choices == ("กระทรวงแรงงาน", "กระทรวงอุตสาหกรรม")


@pytest.mark.parametrize(("before", "text", "after"), (
    (units("รง05"), "เพิ่ม กพร.", units("รง05", "รง04")),
    (units("รง05", roles=frozenset({APPROVER})), "เพิ่ม กพร. ด้วย", units("รง05", "รง04", roles=frozenset({APPROVER}))),
    (units("รง05", roles=frozenset({APPROVER})), "เพิ่มผู้ช่วย", units("รง05", roles=frozenset({APPROVER, ASSISTANT}))),
    (units("รง05", roles=frozenset({APPROVER})), "เพิ่มผู้ช่วยใน กพร.", None),
    (units("รง05"), "เพิ่มกลุ่ม “คณะทำงาน M6”", units("รง05", groups=(9,))),
    (units("รง"), "ยกเว้น สปส.", units("รง", without_units=frozenset({"รง06"}))),
    (units("รง", without_units=frozenset({"รง06"})), "เพิ่ม สปส.", units("รง", "รง06")),
    (units("รง05"), "เฉพาะผู้อนุมัติ", units("รง05", roles=frozenset({APPROVER}))),
    (units("รง05"), "เฉพาะที่ยังไม่รายงาน", units("รง05", unreported=BEING_REPORTED)),
    (units("รง05"), "กพร.", units("รง04")),
    (NOBODY, "ยกเว้น สปส.", None),
))  # fmt: skip
def test_words_add_to_narrow_or_replace_whom_a_circular_is_for(
    before: Audience, text: str, after: Audience | None
) -> None:
    heard = read_audience(text, COORDINATOR, before)
    assert heard.is_clear == (after is not None)
    assert after is None or heard.audience == after


def test_long_choices_are_counted_on_cards() -> None:
    assert audience_words(units("รง02", "รง03", "รง04"), COORDINATOR, most=2) == "ทุกคนใน สป.รง., กกจ. และอีก 1 หน่วยงาน"
