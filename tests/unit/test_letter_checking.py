"""PDFs of circulars: what acts in them is found wherever it hides, and what is harmless is left as it is."""

import random
import time
import zlib
from collections.abc import Callable, Mapping
from hashlib import sha256
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

from domain.circulars.letters import MOST_BYTES, LetterFault, LetterRefused
from storage.untrusted_files import apart
from storage.untrusted_files.apart import checked_apart
from storage.untrusted_files.letters import check_letter
from tests.circular_files import letter_pdf

Change = Callable[[Pdf], object]


def fault_of(content: bytes) -> LetterFault:
    with pytest.raises(LetterRefused) as refused:
        check_letter(content)
    return refused.value.fault


def action(kind: str, **more: Any) -> Dictionary:
    return Dictionary(S=Name(f"/{kind}"), **more)


def opens_with(found: Dictionary) -> Change:
    return lambda pdf: pdf.Root.__setattr__("OpenAction", found)


def tapped(found: Dictionary) -> Change:
    """A place on the page that does something when it is tapped."""

    def change(pdf: Pdf) -> None:
        area = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 100, 100], A=found)
        pdf.pages[0].Annots = Array([pdf.make_indirect(area)])

    return change


def annotated(subtype: str, **more: Any) -> Change:
    def change(pdf: Pdf) -> None:
        pdf.pages[0].Annots = Array([Dictionary(Subtype=Name(f"/{subtype}"), Rect=[0, 0, 9, 9], **more)])

    return change


def attached(pdf: Pdf) -> None:
    pdf.attachments["malware.exe"] = b"MZ"


def attached_without_a_tree(pdf: Pdf) -> None:
    """The file hangs on an annotation that calls itself a note."""
    inner = pdf.make_indirect(Stream(pdf, b"MZ"))
    annotated("Text", FS=Dictionary(Type=Name.Filespec, F="a.exe", EF=Dictionary(F=inner)))(pdf)


def left_over(pdf: Pdf) -> None:
    """A script to which nothing leads."""
    pdf.make_indirect(action("JavaScript", JS="app.alert(1)"))
    pdf.Root.Kept = pdf.make_indirect(Array([pdf.objects[-1]]))


def named_script(pdf: Pdf) -> None:
    pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("a"), action("JavaScript", JS="1")])))


def script_in_a_stream(pdf: Pdf) -> None:
    pdf.Root.OpenAction = action("JavaScript", JS=pdf.make_indirect(Stream(pdf, zlib.compress(b"app.alert(1)"))))


def with_occasion(pdf: Pdf) -> None:
    pdf.pages[0].AA = Dictionary(O=action("GoTo", D=Array([0]), Next=Array([action("JavaScript", JS="1")])))


def with_form(pdf: Pdf) -> None:
    pdf.Root.AcroForm = Dictionary(Fields=Array([]), XFA=Array([String("template"), Stream(pdf, b"<script/>")]))


def deeply_nested(pdf: Pdf) -> None:
    nest = Array([action("Launch", F="cmd.exe")])
    for _ in range(200):
        nest = Array([Dictionary(Kids=nest)])
    pdf.Root.PieceInfo = nest


def elsewhere(pdf: Pdf) -> None:
    outside = Stream(pdf, b"")
    outside["/F"] = String("\\\\server\\share\\page")
    pdf.pages[0].Contents = outside


def based(address: str) -> Change:
    """What stands before every link that names no scheme of its own."""
    return lambda pdf: pdf.Root.__setattr__("URI", Dictionary(Base=String(address)))


def in_place_of_a_picture(pdf: Pdf) -> None:
    shown = Stream(pdf, b"", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 9, 9])
    shown["/Ref"] = Dictionary(F=String("\\\\server\\share\\a.pdf"), Page=0)
    pdf.pages[0].Resources = Dictionary(XObject=Dictionary(A=shown))


HOSTILE: Mapping[str, tuple[Change, LetterFault]] = {
    "a script at opening": (opens_with(action("JavaScript", JS="app.alert(1)")), LetterFault.SCRIPT),
    "a script at a tap": (tapped(action("JavaScript", JS="app.alert(1)")), LetterFault.SCRIPT),
    "a link that is a script": (tapped(action("URI", URI="javascript:alert(1)")), LetterFault.SCRIPT),
    "a script in a stream": (script_in_a_stream, LetterFault.SCRIPT),
    "a named script": (named_script, LetterFault.SCRIPT),
    "a script after a harmless action": (with_occasion, LetterFault.SCRIPT),
    "a form with scripts of its own": (with_form, LetterFault.SCRIPT),
    "a script that is left over": (left_over, LetterFault.SCRIPT),
    "a program at opening": (opens_with(action("Launch", F="cmd.exe")), LetterFault.LAUNCHES),
    "a program at a tap": (tapped(action("Launch", F="cmd.exe")), LetterFault.LAUNCHES),
    "another document": (tapped(action("GoToR", F="other.pdf", D=Array([0, Name.Fit]))), LetterFault.LAUNCHES),
    "a document within": (tapped(action("GoToE", D=String("x"))), LetterFault.LAUNCHES),
    "a form that is sent": (
        tapped(action("SubmitForm", F="https://example.org")),
        LetterFault.LAUNCHES,
    ),
    "data that are fetched": (tapped(action("ImportData", F="a.fdf")), LetterFault.LAUNCHES),
    "media": (tapped(action("Rendition")), LetterFault.LAUNCHES),
    "a link to a program": (tapped(action("URI", URI="file:///C:/Windows/System32/cmd.exe")), LetterFault.LAUNCHES),
    "a link to an office drive": (tapped(action("URI", URI="\\\\server\\share")), LetterFault.LAUNCHES),
    "a link at opening": (opens_with(action("URI", URI="https://example.org")), LetterFault.LAUNCHES),
    "a link after a harmless action": (
        opens_with(action("GoTo", Next=action("URI", URI="https://example.org"))),
        LetterFault.LAUNCHES,
    ),
    "a script behind a tab": (tapped(action("URI", URI="java\tscript:alert(1)")), LetterFault.SCRIPT),
    "a script behind a mark that nobody sees": (tapped(action("URI", URI="\x01javascript:a()")), LetterFault.SCRIPT),
    "a program behind a line break": (tapped(action("URI", URI="fi\nle:///C:/cmd.exe")), LetterFault.LAUNCHES),
    "a drive named as the web does": (tapped(action("URI", URI="//server/share")), LetterFault.LAUNCHES),
    "a drive named in two ways at once": (tapped(action("URI", URI="\\/server/share")), LetterFault.LAUNCHES),
    "a beginning of all links": (based("javascript:"), LetterFault.SCRIPT),
    "a beginning of all links on a drive": (based("file:///C:/"), LetterFault.LAUNCHES),
    "an article of another document": (tapped(action("Thread", F="other.pdf", D=0)), LetterFault.LAUNCHES),
    "a picture that is another document's page": (in_place_of_a_picture, LetterFault.LAUNCHES),
    "rich media": (annotated("RichMedia"), LetterFault.LAUNCHES),
    "a program in a deep nest": (deeply_nested, LetterFault.LAUNCHES),
    "a page from elsewhere": (elsewhere, LetterFault.LAUNCHES),
    "an attachment": (attached, LetterFault.HOLDS_FILES),
    "an attachment behind a note": (attached_without_a_tree, LetterFault.HOLDS_FILES),
    "an attachment on the page": (annotated("FileAttachment", Contents="x"), LetterFault.HOLDS_FILES),
}


@pytest.mark.parametrize(("change", "fault"), HOSTILE.values(), ids=HOSTILE.keys())
def test_what_acts_is_found_wherever_it_hides(change: Change, fault: LetterFault) -> None:
    packed = pikepdf.ObjectStreamMode.generate
    assert fault_of(letter_pdf("ว 1", change)) is fault
    assert fault_of(letter_pdf("ว 1", change, object_stream_mode=packed, compress_streams=True)) is fault
    assert fault_of(letter_pdf("ว 1", change, linearize=True)) is fault


def test_what_is_written_in_another_way_is_found_too() -> None:
    plain = letter_pdf("ว 1", opens_with(action("JavaScript", JS="app.alert(1)")))
    assert b"/S /JavaScript" in plain
    for spelling in (b"/S /J#61vaScript", b"/S/#4aavaScript "):
        assert len(spelling) >= len(b"/S /JavaScript")
        fault = fault_of(rewritten(plain.replace(b"/S /JavaScript", spelling).replace(b"/JS (", b"/#4aS (")))
        assert fault is LetterFault.SCRIPT


def test_a_catalogue_without_an_object_of_its_own_hides_nothing() -> None:
    plain = rewritten(letter_pdf("ว 1"))
    catalogue = b"/Root << /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (app.alert(1)) >> >>"
    number = plain[plain.index(b"/Root ") + 6 :].split()[0]
    pages = plain[plain.index(b"/Pages ") + 7 :].split()[0]
    hidden = plain.replace(b"/Root %s 0 R" % number, catalogue.replace(b"2 0 R", pages + b" 0 R"))
    assert hidden != plain
    assert fault_of(hidden) is LetterFault.SCRIPT


def rewritten(content: bytes) -> bytes:
    """Return a PDF that was changed by hand with offsets that are right again, and its odd spellings kept."""
    body = content[: content.rindex(b"xref\n0")]
    places = sorted((int(number), body.index(b"\n%s 0 obj" % number) + 1) for number in numbers_in(body))
    table = b"".join(b"%010d 00000 n \n" % place for _, place in places)
    trailer = content[content.index(b"trailer") : content.index(b"startxref")]
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
    return body + head + table + trailer + b"startxref\n%d\n%%%%EOF\n" % len(body)


def numbers_in(body: bytes) -> list[bytes]:
    return [line.split()[0] for line in body.splitlines() if line.endswith(b" 0 obj")]


def harmless(pdf: Pdf) -> None:
    """What honest letters hold: links, a first page to open, bookmarks, fields, metadata, structure."""
    page = pdf.pages[0]
    links = [
        action("URI", URI=uri) for uri in ("https://www.nesdc.go.th", "mailto:a@b.go.th", "tel:02", "www.mol.go.th")
    ]
    page.Annots = Array([Dictionary(Subtype=Name.Link, Rect=[0, 0, 9, 9], A=link, F=4) for link in links])
    pdf.Root.OpenAction = Array([page.obj, Name.Fit])
    page.Sections = Array([Dictionary(Type=Name.StructElem, S=Name.Note, Ref=Array([page.obj]))])
    page.AA = Dictionary(O=action("GoTo", D=Array([page.obj, Name.Fit])))
    pdf.Root.AcroForm = Dictionary(Fields=Array([]), SigFlags=3)
    pdf.Root.PageLabels = Dictionary(Nums=Array([0, Dictionary(S=Name.D)]))
    with pdf.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem("เรื่อง", 0))
    with pdf.open_metadata() as data:
        data["dc:title"] = "หนังสือเวียน"


def test_an_honest_letter_is_taken_byte_by_byte() -> None:
    for how in ({}, {"object_stream_mode": pikepdf.ObjectStreamMode.generate}, {"linearize": True}):
        content = letter_pdf("ที่ รง ๐๒๑๔/ว ๓", harmless, **how)
        assert checked_apart(content).content == content


def signed() -> bytes:
    """A letter with a signature appended as programs do it: a later revision, which covers all before it."""

    def add_field(pdf: Pdf) -> None:
        value = Dictionary(
            Type=Name.Sig,
            Filter=Name("/Adobe.PPKLite"),
            SubFilter=Name("/adbe.pkcs7.detached"),
            ByteRange=Array([0, 1000, 3000, 500]),
            Contents=String(b"\x30\x82" + random.Random(1).randbytes(500)),
            M="D:20230127100000+07'00'",
            Name="นายกอ",
        )
        reference = Dictionary(Type=Name.SigRef, TransformMethod=Name.DocMDP)
        value.Reference = Array([reference])
        field = pdf.make_indirect(
            Dictionary(
                Type=Name.Annot, Subtype=Name.Widget, FT=Name.Sig, T="Signature1", V=value, Rect=[0, 0, 90, 30], F=132
            )
        )
        pdf.pages[0].Annots = Array([field])
        pdf.Root.AcroForm = Dictionary(Fields=Array([field]), SigFlags=3)
        pdf.Root.Perms = Dictionary(DocMDP=value)

    first = letter_pdf("ลงนามแล้ว", add_field)
    start = first[first.rindex(b"startxref") + 10 :].split()[0]
    later = b"9 0 obj\n<< /Type /DSS /Certs [] >>\nendobj\n"
    table = b"xref\n9 1\n%010d 00000 n \n" % len(first)
    size = int(first[first.rindex(b"/Size ") + 6 :].split()[0])
    root = first[first.rindex(b"/Root ") : first.index(b" R", first.rindex(b"/Root ")) + 2]
    end = b"trailer\n<< %s /Size %d /Prev %s >>\nstartxref\n%d\n%%%%EOF\n" % (
        root,
        max(size, 10),
        start,
        len(first) + len(later),
    )
    return first + later + table + end


def test_a_signed_letter_keeps_its_signature() -> None:
    content = signed()
    assert sha256(checked_apart(content).content).digest() == sha256(content).digest()


def test_what_is_no_pdf_is_refused_whatever_it_is_called() -> None:
    pdf = letter_pdf("ว 1")
    archive = BytesIO()
    with ZipFile(archive, "w") as held:
        held.writestr("a.txt", "x" * 4_000)
    for beginning in (b"GIF89a", b"<html><script>alert(1)</script>", b"PK\x03\x04", b"\xef\xbb\xbf", b"\n"):
        assert fault_of(beginning + pdf) is LetterFault.NOT_PDF
    assert fault_of(pdf + archive.getvalue()) is LetterFault.BROKEN
    assert fault_of(pdf + letter_pdf("ว 2", opens_with(action("JavaScript", JS="1")))) is LetterFault.BROKEN
    assert fault_of(b"") is LetterFault.EMPTY


def test_a_locked_letter_is_refused_even_where_everybody_can_read_it() -> None:
    for password in ("", "secret"):
        locked = letter_pdf("ว 1", encryption=pikepdf.Encryption(owner="o", user=password))
        assert fault_of(locked) is LetterFault.LOCKED


def test_a_damaged_letter_is_refused() -> None:
    pdf = letter_pdf("ว 1")
    for damaged in (
        pdf[: len(pdf) // 2],
        b"%PDF-1.7\n",
        pdf.replace(b"/Type /Catalog", b"/Type Catalog("),
        pdf.replace(b"/Parent", b")arent"),
        letter_pdf(pages=0),
        b"%PDF-1.4\n" + random.Random(7).randbytes(50_000),
    ):
        assert fault_of(damaged) is LetterFault.BROKEN


def bomb(size: int) -> bytes:
    """An object stream that is a thousand times as large as it looks."""
    inner = zlib.compress(b"7 0 " + b"<< /Kids [ " + b"null " * (size // 5) + b"] >>", 9)
    parts = [
        b"1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n",
        b"2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n",
        b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>\nendobj\n",
        b"4 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n" % len(inner)
        + inner
        + b"\nendstream\nendobj\n",
    ]
    content, places = b"%PDF-1.5\n", []
    for part in parts:
        places.append(len(content))
        content += part
    rows = b"\0\0\0\0\0" + b"".join(b"\1" + place.to_bytes(4) for place in places)
    rows = rows[:5] + rows[5:] + b"\1" + len(content).to_bytes(4) + b"\0\0\0\0\0" + b"\2" + (4).to_bytes(4)
    start = len(content)
    content += (
        b"5 0 obj\n<< /Type /XRef /Size 8 /W [1 4 0] /Root 1 0 R /Length %d >>\nstream\n" % len(rows)
        + rows
        + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % start
    )
    return content


def test_what_unpacks_without_end_is_refused_within_bounds() -> None:
    assert checked_apart(bomb(1_000)).content
    content = bomb(150_000_000)
    assert len(content) < MOST_BYTES
    started = time.monotonic()
    with pytest.raises(LetterRefused) as refused:
        checked_apart(content)
    assert refused.value.fault in {LetterFault.TOO_DEMANDING, LetterFault.BROKEN}
    assert time.monotonic() - started < apart.TIME_LIMIT


def test_more_parts_than_a_document_has_are_too_demanding() -> None:
    def crowded(pdf: Pdf) -> None:
        pdf.Root.Kept = Array([pdf.make_indirect(Dictionary()) for _ in range(100_001)])

    packed = pikepdf.ObjectStreamMode.generate
    assert fault_of(letter_pdf(change=crowded, object_stream_mode=packed)) is LetterFault.TOO_DEMANDING


def test_ten_megabytes_are_checked_in_a_moment() -> None:
    def scanned(pdf: Pdf) -> None:
        for number, page in enumerate(pdf.pages):
            page.Resources = Dictionary(
                XObject=Dictionary(Scan=Stream(pdf, random.Random(number).randbytes(100_000), Subtype=Name.Image))
            )

    content = letter_pdf(change=scanned, pages=104)
    assert 0.98 * MOST_BYTES < len(content) <= MOST_BYTES
    started = time.monotonic()
    assert checked_apart(content).content == content
    assert time.monotonic() - started < 5
    with pytest.raises(LetterRefused) as refused:
        checked_apart(content + bytes(MOST_BYTES))
    assert refused.value.fault is LetterFault.TOO_LARGE
