"""Reading files of both formats, and the blind spots of the reader."""

import codecs
import struct
from pathlib import Path
from typing import Any

import pytest

from storage.imports.problems import ProblemCode, Refused
from storage.imports.sheet_look import MAX_CELLS, look
from storage.imports.sheets import Sheet, open_sheets
from tests.spreadsheets import raw_parts, sheet_xml, text_row, write_parts, write_xlsx

HEADERS = ["รหัสหน่วยงาน", "ชื่อหน่วยงาน", "ระดับ"]
ROWS = [HEADERS, ["รง", "กระทรวงแรงงาน", "กระทรวง"], ["รง01", 'กอง "ก", ข', "กอง"]]


def opened(path: Path) -> list[Sheet]:
    return list(open_sheets(path, HEADERS))


def refusal(path: Path) -> ProblemCode:
    with pytest.raises(Refused) as caught:
        _ = [list(sheet.rows) for sheet in opened(path)]
    return caught.value.code


def delimited(separator: str) -> str:
    def quoted(cell: str) -> str:
        return '"' + cell.replace('"', '""') + '"' if '"' in cell or separator in cell else cell

    return "\r\n".join(separator.join(map(quoted, row)) for row in ROWS) + "\r\n"


def faults(*rows: str) -> Any:
    xml = sheet_xml(rows).encode()
    return look(lambda: iter([xml[:40], xml[40:55], xml[55:]]))


@pytest.mark.parametrize("separator", (",", ";", "\t"))
@pytest.mark.parametrize("encoding", ("utf-8", "utf-8-sig", "cp874", "tis-620", "utf-16"))
def test_a_csv_is_read_in_the_encodings_and_separators_of_thai_excel(
    tmp_path: Path, encoding: str, separator: str
) -> None:
    path = tmp_path / "units.csv"
    path.write_bytes(delimited(separator).encode(encoding))
    assert [list(sheet.rows) for sheet in opened(path)] == [ROWS]


def test_the_content_tells_the_format_not_the_name(tmp_path: Path) -> None:
    workbook = write_xlsx(tmp_path / "really.xlsx", ROWS).rename(tmp_path / "named.csv")
    text = tmp_path / "named.xlsx"
    text.write_text(delimited(","), encoding="utf-8")
    assert [list(sheet.rows) for sheet in opened(workbook)] == [list(sheet.rows) for sheet in opened(text)] == [ROWS]


def test_rows_of_a_csv_are_counted_as_excel_counts_them(tmp_path: Path) -> None:
    path = tmp_path / "lines.csv"
    path.write_text('a,b\n\n"two\nlines",c\nlast,d\n', encoding="utf-8")
    assert list(opened(path)[0].rows)[3] == ["last", "d"]


def test_a_csv_with_a_lone_quote_names_the_row(tmp_path: Path) -> None:
    path = tmp_path / "quotes.csv"
    path.write_text('a,b\nc,"d\n', encoding="utf-8")
    with pytest.raises(Refused) as caught:
        list(opened(path)[0].rows)
    assert caught.value.code is ProblemCode.BAD_CSV
    assert caught.value.params == {"row": "2"}


def test_rows_and_columns_keep_their_numbers_below_empty_ones(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "low.xlsx", [[], [], [None, None, "a", 5], [], [None, None, "b", None]])
    sheet = opened(path)[0]
    assert (sheet.first_column, list(sheet.rows)) == (2, [["", ""], ["", ""], ["a", 5.0], ["", ""], ["b", ""]])


@pytest.mark.parametrize(
    "cell",
    (
        '<c r="B2" t="e"><v>#N/A</v></c>',
        "<c t='e' r='B2'><v>#N/A</v></c>",
        '<c r="B2" s="1" t="e"><f>1/0</f><v>#N/A</v></c>',
        '<x:c xmlns:x="urn:x" r="B2" t="e"><x:v>#N/A</x:v></x:c>',
        '<c\n r="B2" t="e"><v>#N/A</v></c>',
    ),
)
def test_an_error_cell_is_found_however_it_is_spelled(cell: str) -> None:
    found = faults(text_row(1, ["a", "b"]), f'<row r="2">{cell}</row>')
    assert {(row, column): fault.value for row, cells in found.items() for column, fault in cells.items()} == {
        (1, 1): "#N/A"
    }


@pytest.mark.parametrize(
    ("cell", "is_fault"),
    (
        ('<c r="A1"><f>1+1</f></c>', True),
        ('<c r="A1"><f>1+1</f><v></v></c>', True),
        ('<c r="A1"><f>1+1</f><v/></c>', True),
        ('<c r="A1"><f t="shared" si="0"/></c>', True),
        ('<c r="A1"><f>1+1</f><v>2</v></c>', False),
        ('<c r="A1"><f t="shared" si="0"/><v>2</v></c>', False),
        ('<c r="A1" t="str"><f>IF(1,"")</f><v></v></c>', False),
        ('<c r="A1" t="inlineStr"><f>"x"</f><is><t>x</t></is></c>', False),
        ('<c r="A1"><v>2</v></c>', False),
    ),
)
def test_a_formula_counts_only_with_its_stored_value(cell: str, *, is_fault: bool) -> None:
    found = faults(f'<row r="1">{cell}</row>')
    assert [fault.code for cells in found.values() for fault in cells.values()] == (
        [ProblemCode.FORMULA_WITHOUT_VALUE] if is_fault else []
    )


def test_cells_without_a_name_are_counted() -> None:
    found = faults("<row><c><v>1</v></c><c><f>A1</f></c></row>", '<row><c t="e"><v>#REF!</v></c></row>')
    assert {row: list(cells) for row, cells in found.items()} == {0: [1], 1: [0]}


def test_two_cells_far_apart_are_refused_before_the_rectangle_is_built() -> None:
    with pytest.raises(Refused) as caught:
        faults('<row r="1"><c r="A1"><v>1</v></c></row>', '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    assert caught.value.code is ProblemCode.TOO_MANY_CELLS


def test_formatted_but_empty_cells_may_lie_far_away() -> None:
    last_row = MAX_CELLS // 100
    assert (
        faults('<row r="1"><c r="A1"><v>1</v></c></row>', f'<row r="{last_row}"><c r="XFD{last_row}" s="1"/></row>')
        == {}
    )


def test_a_cell_outside_its_row_is_refused() -> None:
    with pytest.raises(Refused) as caught:
        faults('<row r="1"><c r="A1"><f>1</f><v>1</v></c><c r="B1048576"><v>1</v></c></row>')
    assert caught.value.code is ProblemCode.DAMAGED


def test_faults_are_found_in_every_sheet(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "two.xlsx", [["a"]], [["b"], ["=1+1"]], titles=["one", "two"])
    one, two = opened(path)
    assert (one.faults, list(two.faults[1])) == ({}, [0])


def test_an_entity_bomb_is_refused(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb">]>' + sheet_xml([text_row(1, ["&b;"])])
    assert refusal(write_parts(tmp_path / "bomb.xlsx", raw_parts(bomb))) is ProblemCode.DAMAGED


def test_a_part_that_is_larger_than_declared_is_refused(tmp_path: Path) -> None:
    path = write_parts(tmp_path / "lies.xlsx", raw_parts(sheet_xml([text_row(n, ["x" * 50]) for n in range(1, 500)])))
    data = bytearray(path.read_bytes())
    name = b"xl/worksheets/sheet1.xml"
    for at in (data.find(name) - 30 + 22, data.rfind(name) - 46 + 24):
        data[at : at + 4] = (100).to_bytes(4, "little")
    path.write_bytes(data)
    assert refusal(path) is ProblemCode.DAMAGED


@pytest.mark.parametrize("is_read", (True, False))
def test_the_64_bit_table_of_contents_of_some_programs_is_read_unless_it_is_absurd(
    tmp_path: Path, *, is_read: bool
) -> None:
    path = write_xlsx(tmp_path / "zip64.xlsx", ROWS)
    data = path.read_bytes()
    end = data.rfind(b"PK\x05\x06")
    entries, size, offset = struct.unpack_from("<HII", data, end + 10)
    declared = entries if is_read else 2**40
    record = struct.pack("<4sQHHIIQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, declared, declared, size, offset)
    locator = struct.pack("<4sIQI", b"PK\x06\x07", 0, end, 1)
    path.write_bytes(data[:end] + record + locator + data[end:])
    if is_read:
        assert [list(sheet.rows) for sheet in opened(path)] == [ROWS]
    else:
        assert refusal(path) is ProblemCode.UNPACKS_TOO_LARGE


@pytest.mark.parametrize(
    ("name", "content", "code"),
    (
        ("empty.xlsx", b"", ProblemCode.FILE_EMPTY),
        ("photo.xlsx", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, ProblemCode.NOT_A_SPREADSHEET),
        ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), ProblemCode.OLD_EXCEL),
        (
            "secret.xlsx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            ProblemCode.ENCRYPTED,
        ),
        ("cut.xlsx", b"PK\x03\x04" + bytes(100), ProblemCode.DAMAGED),
        ("latin.csv", b"a,b\n\x80\xdb\xdc\xfc,2\n", ProblemCode.UNKNOWN_ENCODING),
        ("marked.csv", codecs.BOM_UTF8 + b"a,b\nc\x00,d\n", ProblemCode.NOT_A_SPREADSHEET),
        ("unmarked.csv", b"a,b\nc\x00,d\n", ProblemCode.NOT_A_SPREADSHEET),
        ("wide.csv", codecs.BOM_UTF16_LE + "a,b\nc\x07,d\n".encode("utf-16-le"), ProblemCode.NOT_A_SPREADSHEET),
        ("half.csv", codecs.BOM_UTF8 + b"a,\xff\n", ProblemCode.UNKNOWN_ENCODING),
    ),
)
def test_what_is_no_spreadsheet_is_refused(tmp_path: Path, name: str, content: bytes, code: ProblemCode) -> None:
    (tmp_path / name).write_bytes(content)
    assert refusal(tmp_path / name) is code


@pytest.mark.parametrize(
    ("extra", "code"),
    (
        ({"xl/vbaProject.bin": b"macro"}, ProblemCode.HAS_MACROS),
        (
            {
                "[Content_Types].xml": '<Types><Override PartName="/xl/workbook.xml" ContentType='
                '"application/vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>'
            },
            ProblemCode.HAS_MACROS,
        ),
        ({"xl/workbook.bin": b"x"}, ProblemCode.BINARY_WORKBOOK),
        ({"xl/_rels/workbook.xml.rels": "<Relationships>"}, ProblemCode.DAMAGED),
        ({"xl/worksheets/sheet1.xml": "<worksheet>"}, ProblemCode.DAMAGED),
    ),
)
def test_unwanted_workbooks_are_refused(tmp_path: Path, extra: dict[str, bytes], code: ProblemCode) -> None:
    parts = raw_parts(sheet_xml([text_row(1, HEADERS)])) | extra
    assert refusal(write_parts(tmp_path / "book.xlsx", parts)) is code


def test_a_document_of_another_kind_is_refused(tmp_path: Path) -> None:
    parts = {"[Content_Types].xml": "<Types/>", "word/document.xml": "<document/>"}
    assert refusal(write_parts(tmp_path / "letter.xlsx", parts)) is ProblemCode.NOT_A_SPREADSHEET


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path / "nowhere.xlsx") is ProblemCode.NO_SUCH_PATH
