"""An .xlsx file as the zip package it is, opened without trusting what it says of itself.

Every part is unpacked once, in pieces, against a limit, before the reader proper sees the file: the reader would unpack
whatever the archive holds. Nothing that an archive declares is believed unless it holds when unpacked.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self
from xml.parsers import expat
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from storage.imports.problems import ProblemCode, Refused

MAX_FILE_BYTES = 64 * 1024**2
"""100,000 projects of 18 columns take 14 MB packed."""
MAX_UNPACKED_BYTES = 256 * 1024**2
"""The same take 130 MB unpacked."""
_MAX_PARTS = 4096
_MAX_DIRECTORY_BYTES = 1024**2
_PIECE = 256 * 1024
_ENCRYPTED = 0x1
_LOCAL_HEADER = struct.Struct("<4s22xHH")
_END_MARK = b"PK\x05\x06"
_END_OF_DIRECTORY = struct.Struct("<10xHI6x")
_ZIP64_LOCATOR_MARK = b"PK\x06\x07"
_ZIP64_LOCATOR_BYTES = 20
_END_OF_ZIP64 = struct.Struct("<32xQQ8x")
_MAIN_PART = "xl/workbook.xml"
_MAIN_RELATIONS = "xl/_rels/workbook.xml.rels"


class Package:
    """The parts of an .xlsx file, checked as the module says.

    Raises:
        Refused: it is damaged, unpacks beyond the limit, is encrypted, holds macros, or is no .xlsx workbook.
    """

    def __init__(self, path: Path) -> None:
        self._file: BinaryIO = path.open("rb")
        try:
            _check_directory(self._file)
            self._parts = _parts(self._file)
            self._check()
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def sheets(self) -> Mapping[str, str]:
        """Return the part of every worksheet by the sheet's name, in the workbook's order."""
        targets = {
            attributes.get("Id", ""): attributes.get("Target", "")
            for tag, attributes in tags(self.unpack(_MAIN_RELATIONS))
            if tag == "Relationship" and attributes.get("Type", "").endswith("/worksheet")
        }
        found: dict[str, str] = {}
        for tag, attributes in tags(self.unpack(_MAIN_PART)):
            relation = next((value for name, value in attributes.items() if name.endswith(":id")), "")
            if tag == "sheet" and relation in targets:
                target = targets[relation]
                found[attributes.get("name", "")] = target[1:] if target.startswith("/") else f"xl/{target}"
        return found

    def unpack(self, part: str) -> Iterator[bytes]:
        """Yield the content of a part in pieces.

        Raises:
            Refused: there is no such part, or it is not what the archive declares.
        """
        if part not in self._parts:
            raise Refused(ProblemCode.DAMAGED)
        info, size, checksum = self._parts[part], 0, 0
        for piece in _inflate(self._file, info):
            size += len(piece)
            checksum = zlib.crc32(piece, checksum)
            if size > info.file_size:
                raise Refused(ProblemCode.DAMAGED)
            yield piece
        if (size, checksum) != (info.file_size, info.CRC):
            raise Refused(ProblemCode.DAMAGED)

    def _check(self) -> None:
        parts = self._parts
        if any(name.endswith("vbaProject.bin") for name in parts):
            raise Refused(ProblemCode.HAS_MACROS)
        if "xl/workbook.bin" in parts:
            raise Refused(ProblemCode.BINARY_WORKBOOK)
        if any(info.flag_bits & _ENCRYPTED for info in parts.values()):
            raise Refused(ProblemCode.ENCRYPTED)
        if not {_MAIN_PART, _MAIN_RELATIONS, "[Content_Types].xml"} <= parts.keys():
            raise Refused(ProblemCode.NOT_A_SPREADSHEET)
        if sum(info.file_size for info in parts.values()) > MAX_UNPACKED_BYTES:
            raise Refused(ProblemCode.UNPACKS_TOO_LARGE, limit=str(MAX_UNPACKED_BYTES // 1024**2))
        for _, attributes in tags(self.unpack("[Content_Types].xml")):
            if "macroenabled" in attributes.get("ContentType", "").lower():
                raise Refused(ProblemCode.HAS_MACROS)
        read_later = set(self.sheets().values())
        for name in parts.keys() - read_later:
            for _ in self.unpack(name):
                pass


def tags(pieces: Iterable[bytes]) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yield (name without prefix, attributes) of every start tag of an XML document.

    Raises:
        Refused: it is not well-formed, or declares entities.
    """
    found: list[tuple[str, Mapping[str, str]]] = []
    parser = xml_parser()
    parser.StartElementHandler = lambda name, attributes: found.append((name.rpartition(":")[2], attributes))
    for piece in pieces:
        parse(parser, piece)
        yield from found
        found.clear()
    parse(parser, b"", is_last=True)


def xml_parser() -> expat.XMLParserType:
    """Return a parser that refuses document type declarations: spreadsheets have none, entity bombs do."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    return parser


def parse(parser: expat.XMLParserType, piece: bytes, *, is_last: bool = False) -> None:
    """Feed ``piece`` to ``parser``.

    Raises:
        Refused: the document is not well-formed.
    """
    try:
        parser.Parse(piece, is_last)
    except (expat.ExpatError, ValueError):
        raise Refused(ProblemCode.DAMAGED) from None


def _refuse_doctype(*_: object) -> None:
    raise Refused(ProblemCode.DAMAGED)


def _check_directory(file: BinaryIO) -> None:
    """Refuse an archive whose table of contents alone would fill the memory."""
    file.seek(0, 2)
    file.seek(max(0, file.tell() - 2**16 - _END_OF_DIRECTORY.size))
    tail = file.read()
    at = tail.rfind(_END_MARK)
    if at < 0 or len(tail) < at + _END_OF_DIRECTORY.size:
        raise Refused(ProblemCode.DAMAGED)
    count, size = _END_OF_DIRECTORY.unpack_from(tail, at)
    locator = at - _ZIP64_LOCATOR_BYTES
    if locator >= _END_OF_ZIP64.size and tail.startswith(_ZIP64_LOCATOR_MARK, locator):
        count, size = _END_OF_ZIP64.unpack_from(tail, locator - _END_OF_ZIP64.size)
    if count > _MAX_PARTS or size > _MAX_DIRECTORY_BYTES:
        raise Refused(ProblemCode.UNPACKS_TOO_LARGE, limit=str(MAX_UNPACKED_BYTES // 1024**2))


def _parts(file: BinaryIO) -> Mapping[str, ZipInfo]:
    try:
        with ZipFile(file) as archive:
            infos = archive.infolist()
    except (BadZipFile, NotImplementedError, ValueError, struct.error):  # zipfile's words for versions it cannot read
        raise Refused(ProblemCode.DAMAGED) from None
    parts = {info.filename: info for info in infos}
    if len(parts) != len(infos):
        raise Refused(ProblemCode.DAMAGED)
    return parts


def _inflate(file: BinaryIO, info: ZipInfo) -> Iterator[bytes]:
    """Yield what the packed bytes of a part really hold, whatever size is declared for it."""
    file.seek(info.header_offset)
    header = file.read(_LOCAL_HEADER.size)
    if len(header) < _LOCAL_HEADER.size:
        raise Refused(ProblemCode.DAMAGED)
    _, name_bytes, extra_bytes = _LOCAL_HEADER.unpack(header)
    file.seek(name_bytes + extra_bytes, 1)
    packed = _pieces(file, info.compress_size)
    if info.compress_type == ZIP_STORED:
        yield from packed
        return
    if info.compress_type != ZIP_DEFLATED:
        raise Refused(ProblemCode.DAMAGED)
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for piece in packed:
            yield stream.decompress(piece, _PIECE)
            while stream.unconsumed_tail:
                yield stream.decompress(stream.unconsumed_tail, _PIECE)
        yield stream.flush(_PIECE)
    except zlib.error:
        raise Refused(ProblemCode.DAMAGED) from None
    if not stream.eof:
        raise Refused(ProblemCode.DAMAGED)


def _pieces(file: BinaryIO, size: int) -> Iterator[bytes]:
    position = file.tell()
    end = position + size
    while position < end:
        file.seek(position)
        piece = file.read(min(_PIECE, end - position))
        if not piece:
            raise Refused(ProblemCode.DAMAGED)
        position += len(piece)
        yield piece
