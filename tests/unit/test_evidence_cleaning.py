"""Files that people hand in: what they are by content, and what is left of them."""

import zlib
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from PIL import ExifTags, Image, ImageCms, PngImagePlugin

from domain.evidence import MOST_BYTES, EvidenceFault, EvidenceRefused
from storage.untrusted_files.cleaning import cleaned
from storage.untrusted_files.jpeg_segments import BrokenJpeg, without_metadata
from storage.untrusted_files.kinds import Cleaned, Kind

SECRET = "Somchai Jaidee 13.7563N"
RED, BLUE = (200, 30, 30), (30, 30, 200)


def picture(size: tuple[int, int] = (400, 300), mode: str = "RGB") -> Image.Image:
    """A picture that is red at its left and blue at its right."""
    found = Image.new(mode, size, RED if mode == "RGB" else None)
    found.paste(BLUE if mode == "RGB" else 255, (size[0] // 2, 0, *size))
    return found


def written(found: Image.Image, kind: str, **how: Any) -> bytes:
    file = BytesIO()
    found.save(file, kind, **how)
    return file.getvalue()


def camera_data(orientation: int = 1) -> Image.Exif:
    """What a phone writes beside a photo: its owner, where it was, and how it was held."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.Base.Artist] = SECRET
    position = exif.get_ifd(ExifTags.IFD.GPSInfo)
    position[ExifTags.GPS.GPSLatitudeRef] = "N"
    position[ExifTags.GPS.GPSLatitude] = (13.0, 45.0, 23.0)
    return exif


def photo(orientation: int = 1, size: tuple[int, int] = (400, 300), **how: Any) -> bytes:
    return written(picture(size), "JPEG", exif=camera_data(orientation), comment=SECRET.encode(), quality=95, **how)


def document(change: Callable[[pikepdf.Pdf], object] = lambda _: None, **how: Any) -> bytes:
    """A PDF of one page with a photo on it."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page()
    image = pikepdf.Stream(pdf, photo())
    for name, value in {
        "Type": "XObject",
        "Subtype": "Image",
        "Filter": "DCTDecode",
        "ColorSpace": "DeviceRGB",
    }.items():
        image[f"/{name}"] = pikepdf.Name(f"/{value}")
    image.Width, image.Height, image.BitsPerComponent = 400, 300, 8
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Photo=image))
    page.Contents = pikepdf.Stream(pdf, b"q 400 0 0 300 0 0 cm /Photo Do Q")
    change(pdf)
    file = BytesIO()
    pdf.save(file, **how)
    return file.getvalue()


def opened(found: Cleaned) -> Image.Image:
    image = Image.open(BytesIO(found.content))
    image.load()
    return image


def fault_of(content: bytes) -> EvidenceFault:
    with pytest.raises(EvidenceRefused) as refused:
        cleaned(content)
    return refused.value.fault


def nothing_personal(content: bytes) -> bool:
    marks = (
        SECRET.encode(),
        b"Exif",
        b"GPS",
        b"ns.adobe.com",
        b"ICC_PROFILE",
        b"iCCP",
        b"tEXt",
        b"iTXt",
        b"zTXt",
        b"eXIf",
    )
    return not [mark for mark in marks if mark in content]


def test_a_photo_keeps_its_pixels_and_nothing_else() -> None:
    content = photo()
    assert not nothing_personal(content)
    found = cleaned(content)
    image = opened(found)
    assert (found.kind, image.format, image.size) == (Kind.JPEG, "JPEG", (400, 300))
    assert not image.getexif()
    assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert nothing_personal(found.content)
    assert nothing_personal(found.thumbnail or b"")
    red, green, blue = image.getpixel((10, 10))  # type: ignore[misc]
    assert (red > 180, green < 60, blue < 60) == (True, True, True)


@pytest.mark.parametrize(
    ("orientation", "size", "red_at"),
    (
        (1, (400, 300), (10, 150)),
        (2, (400, 300), (390, 150)),
        (3, (400, 300), (390, 150)),
        (4, (400, 300), (10, 150)),
        (5, (300, 400), (150, 10)),
        (6, (300, 400), (150, 10)),
        (7, (300, 400), (150, 390)),
        (8, (300, 400), (150, 390)),
    ),
)
def test_a_photo_stands_upright_however_the_phone_was_held(
    orientation: int, size: tuple[int, int], red_at: tuple[int, int]
) -> None:
    image = opened(cleaned(photo(orientation)))
    assert image.size == size
    assert image.getpixel(red_at)[0] > 180  # type: ignore[index]


def test_a_large_photo_is_kept_as_large_as_a_screen_shows() -> None:
    found = cleaned(photo(6, (5000, 3000)))
    assert opened(found).size == (1536, 2560)
    assert found.thumbnail is not None
    assert Image.open(BytesIO(found.thumbnail)).size == (144, 240)
    assert len(found.thumbnail) < 20_000


def test_a_screenshot_stays_sharp_and_loses_its_texts() -> None:
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Author", SECRET)
    texts.add_itxt("XML:com.adobe.xmp", f"ns.adobe.com {SECRET}", zip=False)
    texts.add_text("Comment", SECRET, zip=True)
    found = cleaned(written(picture(), "PNG", pnginfo=texts, exif=camera_data(6)))
    image = opened(found)
    assert (found.kind, image.format, image.size) == (Kind.PNG, "PNG", (300, 400))
    assert image.getpixel((150, 10)) == RED
    assert image.info == {}
    assert nothing_personal(found.content)


@pytest.mark.parametrize("mode", ("1", "L", "LA", "P", "RGB", "RGBA", "I;16"))
def test_every_kind_of_png_is_taken(mode: str) -> None:
    image = opened(cleaned(written(Image.new(mode, (30, 20)), "PNG")))
    assert image.size == (30, 20)
    assert image.mode in {"L", "RGB", "RGBA"}


def test_sixteen_bits_of_grey_keep_their_shades() -> None:
    image = opened(cleaned(written(Image.new("I;16", (9, 9), 0x8000), "PNG")))
    assert image.getpixel((4, 4)) == 0x80


@pytest.mark.parametrize("mode", ("RGB", "RGBA"))
def test_webp_becomes_jpeg_on_white(mode: str) -> None:
    colour = (*RED, 0) if mode == "RGBA" else RED
    found = cleaned(written(Image.new(mode, (60, 40), colour), "WEBP", exif=camera_data()))
    assert (found.kind, opened(found).format) == (Kind.JPEG, "JPEG")
    assert nothing_personal(found.content)
    corner = opened(found).getpixel((5, 5))
    assert (corner == (255, 255, 255)) == (mode == "RGBA")


def test_of_a_moving_picture_the_first_frame_is_kept() -> None:
    frames = {"save_all": True, "append_images": [Image.new("RGB", (60, 40), BLUE)]}
    image = opened(cleaned(written(Image.new("RGB", (60, 40), RED), "WEBP", **frames)))
    assert (getattr(image, "n_frames", 1), image.getpixel((5, 5))[0] > 180) == (1, True)  # type: ignore[index]


@pytest.mark.parametrize("profile", (ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(), b"no profile"))
def test_a_colour_profile_is_applied_and_left_out(profile: bytes) -> None:
    found = cleaned(photo(icc_profile=profile))
    assert "icc_profile" not in opened(found).info
    assert opened(found).getpixel((10, 10))[0] > 180  # type: ignore[index]


def test_photos_for_print_become_photos_for_screens() -> None:
    assert opened(cleaned(written(Image.new("CMYK", (60, 40)), "JPEG"))).mode == "RGB"


@pytest.mark.parametrize(
    "content",
    (
        pytest.param(b"GIF89a" + bytes(50), id="gif"),
        pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'/>", id="svg"),
        pytest.param(b"MZ" + bytes(50), id="program"),
        pytest.param(b"PK\x03\x04", id="zip"),
        pytest.param(b"\x00", id="nothing"),
        pytest.param(b" %PDF-1.4", id="not at the start"),
    ),
)
def test_what_is_neither_photo_nor_pdf_is_refused(content: bytes) -> None:
    assert fault_of(content) is EvidenceFault.UNKNOWN_KIND


@pytest.mark.parametrize("brand", (b"heic", b"mif1"))
def test_photos_that_others_cannot_open_are_named(brand: bytes) -> None:
    assert fault_of(b"\x00\x00\x00\x18ftyp" + brand + bytes(100)) is EvidenceFault.HEIC


def test_size_is_checked_before_content() -> None:
    assert fault_of(b"") is EvidenceFault.EMPTY
    assert fault_of(b"%PDF-" + bytes(MOST_BYTES - 4)) is EvidenceFault.TOO_LARGE
    assert fault_of(b"%PDF-" + bytes(MOST_BYTES - 5)) is EvidenceFault.BROKEN_DOCUMENT


def test_broken_photos_are_refused() -> None:
    png, jpeg = written(picture(), "PNG"), photo()
    assert fault_of(jpeg[: len(jpeg) // 2]) is EvidenceFault.BROKEN_PICTURE
    assert fault_of(png[:-40]) is EvidenceFault.BROKEN_PICTURE
    assert fault_of(png.replace(b"IDAT", b"IDAX")) is EvidenceFault.BROKEN_PICTURE
    assert fault_of(b"\xff\xd8\xff" + bytes(100)) is EvidenceFault.BROKEN_PICTURE
    assert fault_of(b"RIFF\x00\x00\x00\x00WEBP" + bytes(100)) is EvidenceFault.BROKEN_PICTURE


def test_a_few_bytes_cannot_claim_a_giant_picture() -> None:
    png = bytearray(written(Image.new("1", (8, 8)), "PNG"))
    png[16:24] = (30_000).to_bytes(4) * 2
    png[29:33] = zlib.crc32(png[12:29]).to_bytes(4)
    assert fault_of(bytes(png)) is EvidenceFault.TOO_MANY_PIXELS


def test_a_photo_of_endless_scans_is_refused() -> None:
    jpeg = written(picture(), "JPEG", progressive=True)
    scan = jpeg[jpeg.rindex(b"\xff\xda") : -2]
    assert fault_of(jpeg[:-2] + scan * 100 + jpeg[-2:]) is EvidenceFault.TOO_DEMANDING


def test_what_is_hidden_behind_a_photo_is_gone() -> None:
    page = b"<script>alert(1)</script>%PDF-1.4"
    found = cleaned(photo() + page)
    assert page not in found.content
    assert b"<script>" not in found.content


def test_a_document_keeps_its_pages_and_nothing_personal() -> None:
    def sign(pdf: pikepdf.Pdf) -> None:
        pdf.docinfo["/Author"] = SECRET
        with pdf.open_metadata() as metadata:
            metadata["dc:creator"] = [SECRET]
        pdf.pages[0].PieceInfo = pikepdf.Dictionary(Word=pikepdf.Dictionary(Private=SECRET))
        note = {"Type": "Annot", "Subtype": "Text"}
        annotation = pikepdf.Dictionary({f"/{name}": pikepdf.Name(f"/{value}") for name, value in note.items()})
        annotation.Rect, annotation.T, annotation.Contents = [0, 0, 9, 9], SECRET, "ok"
        pdf.pages[0].Annots = pikepdf.Array([annotation])

    content = document(sign, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    assert SECRET.encode() in content
    found = cleaned(content)
    assert (found.kind, found.thumbnail) == (Kind.PDF, None)
    assert nothing_personal(found.content)
    with pikepdf.open(BytesIO(found.content)) as pdf:
        assert SECRET.encode() not in plain(pdf)
        assert (len(pdf.pages), "/Info" in pdf.trailer, "/Metadata" in pdf.Root) == (1, False, False)
        assert pdf.pages[0].Annots[0].Contents == "ok"
        image = Image.open(BytesIO(pdf.pages[0].Resources.XObject.Photo.read_raw_bytes()))
        assert image.tobytes() == Image.open(BytesIO(photo())).tobytes()
        assert not image.getexif()


def plain(pdf: pikepdf.Pdf) -> bytes:
    """Every object that a reader of a PDF reaches, streams unpacked where they are packed plainly."""
    file = BytesIO()
    level = pikepdf.StreamDecodeLevel.generalized
    pdf.save(
        file,
        compress_streams=False,
        stream_decode_level=level,
        object_stream_mode=pikepdf.ObjectStreamMode.disable,
    )
    return file.getvalue()


def test_nothing_in_a_document_acts_leads_elsewhere_or_is_attached() -> None:
    name = pikepdf.Name

    def arm(pdf: pikepdf.Pdf) -> None:
        script = pikepdf.Dictionary(S=name.JavaScript, JS="app.alert(1)")
        launch = pikepdf.Dictionary(S=name.Launch, F="cmd.exe", Next=script)
        pdf.Root.OpenAction = pdf.make_indirect(script)
        pdf.Root.AA = pikepdf.Dictionary(WC=script)
        pdf.pages[0].AA = pikepdf.Dictionary(O=launch)
        pdf.Root.Names = pikepdf.Dictionary(JavaScript=pikepdf.Dictionary(Names=["start", script]))
        pdf.attachments["virus.exe"] = b"MZ-attached"
        leads = pikepdf.Dictionary(S=name.URI, URI="http://elsewhere.example")
        link = pikepdf.Dictionary(Type=name.Annot, Subtype=name.Link, Rect=[0, 0, 9, 9], A=leads)
        pinned = pikepdf.Dictionary(
            Type=name.Annot, Subtype=name.FileAttachment, Rect=[0, 0, 9, 9], FS=pdf.attachments["virus.exe"].obj
        )
        button = pikepdf.Dictionary(Type=name.Annot, Subtype=name.Link, Rect=[0, 0, 9, 9], A=launch)
        pdf.pages[0].Annots = pikepdf.Array([link, pinned, button])
        pdf.Root.AcroForm = pikepdf.Dictionary(Fields=[], XFA=pikepdf.Stream(pdf, b"<xdp/>"))

    content = document(arm)
    with pikepdf.open(BytesIO(content)) as pdf:
        assert b"MZ-attached" in plain(pdf)
    with pikepdf.open(BytesIO(cleaned(content).content)) as pdf:
        left = plain(pdf)
        assert len(pdf.pages) == 1
    for word in (
        b"JavaScript",
        b"app.alert",
        b"Launch",
        b"cmd.exe",
        b"elsewhere",
        b"MZ-attached",
        b"virus",
        b"/AA",
        b"xdp",
    ):
        assert word not in left, word


def test_earlier_revisions_of_a_document_are_gone() -> None:
    content = document(object_stream_mode=pikepdf.ObjectStreamMode.disable)
    later = content + b"\n% " + SECRET.encode() + b"\n" + content[content.rindex(b"startxref") :]
    assert SECRET.encode() not in cleaned(later).content


@pytest.mark.parametrize("password", ("", "1234"))
def test_a_locked_document_is_refused(password: str) -> None:
    locked = document(encryption=pikepdf.Encryption(owner="owner", user=password))
    assert fault_of(locked) is EvidenceFault.LOCKED_DOCUMENT


def test_broken_documents_are_refused() -> None:
    content = document()
    assert fault_of(content[: len(content) // 2]) is EvidenceFault.BROKEN_DOCUMENT
    assert fault_of(b"%PDF-1.7 and nothing else") is EvidenceFault.BROKEN_DOCUMENT
    assert fault_of(document(lambda pdf: pdf.pages.__delitem__(0))) is EvidenceFault.BROKEN_DOCUMENT


def test_a_document_of_endless_parts_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.untrusted_files.documents.MOST_OBJECTS", 3)
    assert fault_of(document()) is EvidenceFault.TOO_DEMANDING


def test_the_same_file_is_cleaned_to_the_same_bytes() -> None:
    for content in (photo(), document(), written(picture(), "PNG")):
        assert cleaned(content) == cleaned(content)


def test_what_is_no_jpeg_is_not_read_as_one() -> None:
    jpeg = photo()
    for broken in (b"", b"PNG", jpeg[:2] + b"\x00" + jpeg[3:], jpeg[:2] + b"\xff\xe1"):
        with pytest.raises(BrokenJpeg):
            without_metadata(broken)
    assert without_metadata(jpeg + b"behind the end").endswith(b"\xff\xd9")
