"""How the form of a report calls what it asks for."""

from messages_th.pages.report_words import link_name
from storage.tables.projects import LinkKind


def test_a_plan_that_is_called_by_its_kind_is_not_called_so_twice() -> None:
    plan = "แผนพัฒนาเศรษฐกิจและสังคมแห่งชาติ ฉบับที่ 13"
    assert link_name(LinkKind.NESD_PLAN, plan) == plan
    assert link_name(LinkKind.LAW, "พ.ร.บ. ตัวอย่าง") == "กฎหมาย: พ.ร.บ. ตัวอย่าง"
