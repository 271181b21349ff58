"""What a resource's bytes are, by their first ones: ids of the table of formats.

A resource has a type, but RCDATA and types of one's own may hold anything. A short signature counts with the fields
behind it only. Compressed and encoded content that has no signature, and formats whose signature stands further in
(tar, ISO 9660), are not recognised.
"""

import re
import struct

from rorqual.sdk import View

HEAD = 64  # bytes looked at

_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"MSCF\0\0\0\0", "cab"),
    (b"ISc(", "iscab"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a\x07", "rar"),
    (b"\x1f\x8b\x08", "gzip"),
    (b"\xfd7zXZ\0", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"\x04\x22\x4d\x18", "lz4"),
    (b"!<arch>\n", "ar"),
    (b"MSWIM\0\0\0", "wim"),
    (b"ITSF\x03\0\0\0", "chm"),
    (b"\x3f\x5f\x03\0", "hlp"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"%PDF-", "pdf"),
    (b"{\\rtf", "rtf"),
    (b"\xde\x12\x04\x95\0\0", "mo"),
    (b"\x95\x04\x12\xde\0\0", "mo"),
    (b"OggS\0", "ogg"),
    (b"fLaC", "flac"),
    (b"MThd\0\0\0\x06", "midi"),
    (b"ID3", "mp3"),
    (b"SQLite format 3\0", "sqlite"),
    (b"regf", "regf"),
    (b"wOFF", "woff"),
    (b"wOF2", "woff2"),
    (b"ttcf\0", "ttc"),
    (b"OTTO\0", "otf"),
    (b"\0\1\0\0\0", "ttf"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"\xd7\xcd\xc6\x9a\0\0", "wmf"),
    (b"\0asm\1\0\0\0", "wasm"),
    (b"dex\n03", "dex"),
    (b"\x1bLua", "luac"),
    (b"Microsoft C/C++ MSF 7.00\r\n", "pdb"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "asf"),
    (b"DDS \x7c\0\0\0", "dds"),
    (b"8BPS\0\1", "psd"),
    (b"bplist00", "bplist"),
)
# Few first bytes begin anything: most resources are spared the whole list.
_BY_FIRST: dict[int, list[tuple[bytes, str]]] = {}
for _signature, _format in _SIGNATURES:
    _BY_FIRST.setdefault(_signature[0], []).append((_signature, _format))
_RIFF = {b"WAVE": "wav", b"AVI ": "avi", b"WEBP": "webp", b"ACON": "ani", b"RMID": "rmid"}
_MACHO = frozenset({b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe", b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf"})
_MACHO_CPUS = frozenset({7, 12, 18, 0x0100_0007, 0x0100_000C, 0x0200_000C, 0x0100_0012})  # x86, ARM, PowerPC
_MACHO_FILETYPES = range(1, 13)
_FAT_CPUS_MAX = 30  # a Java class has its version there, 45 and more
_BITS = frozenset({1, 4, 8, 16, 24, 32})
_DIB_HEADERS = {12: "<HHHH", 40: "<iiHH", 52: "<iiHH", 56: "<iiHH", 108: "<iiHH", 124: "<iiHH"}
_ICON = struct.Struct("<HHH4xHHII")
_DOS_HEADER, _LFANEW_END = 0x40, 0x1000_0000

_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")  # ESC is in coloured texts
_TEXT_LEAST = 8  # bytes: fewer are often printable by chance
_XML = re.compile(rb"\s*<(\?xml|assembly|manifest)[\s>]", re.I)
_HTML = re.compile(rb"\s*(<!doctype html|<html|<head|<body|<script)", re.I)

# What becomes a source of its own; "ole" may be an installer package.
EXECUTABLES = frozenset({"pe", "elf", "macho"})
ARCHIVES = frozenset(
    {"zip", "cab", "iscab", "7z", "rar", "gzip", "xz", "zstd", "lz4", "bzip2", "ar", "wim", "chm", "ole"}
)


def content_of(view: View, at: int, size: int) -> str | None:
    """The format of the `size` bytes at `at`; None where the first ones tell nothing."""
    head = view.read(at, min(size, HEAD))
    if len(head) < 4:
        return None
    for signature, format in _BY_FIRST.get(head[0], ()):
        if head.startswith(signature):
            return format
    return _executable(view, at, size, head) or _media(head, size) or _text(head, size)


def _executable(view: View, at: int, size: int, head: bytes) -> str | None:
    """Executables whose headers hold as far as the signature, in what the resource itself has."""
    if head.startswith(b"MZ") and len(head) >= _DOS_HEADER:
        lfanew = int.from_bytes(head[60:64], "little")
        if lfanew + 26 <= min(size, _LFANEW_END) and view.read(at + lfanew, 4) == b"PE\0\0":
            return "pe"
        return "mz" if _is_dos(head) else None
    if head.startswith(b"\x7fELF") and len(head) >= 20:
        sound = head[4] in (1, 2) and head[5] in (1, 2) and head[6] == 1
        return "elf" if sound else None
    if head[:4] in _MACHO and len(head) >= 28:
        order = "<" if head[3] == 0xFE else ">"
        cpu, _, filetype = struct.unpack_from(f"{order}III", head, 4)
        return "macho" if cpu in _MACHO_CPUS and filetype in _MACHO_FILETYPES else None
    if head.startswith(b"\xca\xfe\xba\xbe") and len(head) >= 28:
        count, cpu = struct.unpack_from(">II", head, 4)
        if 0 < count <= _FAT_CPUS_MAX:
            return "macho" if cpu in _MACHO_CPUS else None
        return "class"
    return None


def _is_dos(head: bytes) -> bool:
    """Pages of 512 bytes, and no more in the last one than it holds."""
    last, pages = struct.unpack_from("<HH", head, 2)
    return bool(pages) and int(last) < 512


def _media(head: bytes, size: int) -> str | None:
    if head.startswith(b"RIFF") and len(head) >= 12:
        return _RIFF.get(head[8:12], "riff")
    if head.startswith(b"BM") and len(head) >= 18:
        return "bmp" if int.from_bytes(head[14:18], "little") in _DIB_HEADERS else None
    if head.startswith(b"BZh") and head[4:10] == b"\x31\x41\x59\x26\x53\x59":
        return "bzip2"
    if head[:3] in (b"FWS", b"CWS", b"ZWS") and 3 <= head[3] <= 50 and size >= 8:
        return "swf"
    if head.startswith((b"\0\0\1\0", b"\0\0\2\0")) and len(head) >= 22:
        _, kind, count, _, _, length, offset = _ICON.unpack_from(head)
        if count and 6 + 16 * count <= offset and offset + length <= size:
            return "ico" if kind == 1 else "cur"
        return None
    if head.startswith(b"\1\0\0\0") and head[40:44] == b" EMF":
        return "emf"
    return "bmp" if _is_dib(head) else None


def _is_dib(head: bytes) -> bool:
    """A bitmap without its file header, as BITMAP and ICON have it."""
    length = int.from_bytes(head[:4], "little")
    form = _DIB_HEADERS.get(length)
    if form is None or len(head) < 4 + struct.calcsize(form):
        return False
    width, height, planes, bits = struct.unpack_from(form, head, 4)
    return width > 0 and height != 0 and planes == 1 and bits in _BITS


def _text(head: bytes, size: int) -> str | None:
    """Text in ASCII, UTF-8 or marked UTF-16, as far as the first bytes tell; markup by its first tag."""
    if size < _TEXT_LEAST:
        return None
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        order = "utf-16-le" if head[0] == 0xFF else "utf-16-be"
        body = head[2 : len(head) & ~1].decode(order, "replace").encode("utf-8")
        if b"\xef\xbf\xbd" in body[:-3]:
            return None
    else:
        body = head.removeprefix(b"\xef\xbb\xbf")
    if len(head) == size:
        body = body.rstrip(b"\0")  # compilers pad
    if not body or _CONTROLS.search(body) or not _is_utf8(body):
        return None
    if _XML.match(body):
        return "xml"
    return "html" if _HTML.match(body) else "text"


def _is_utf8(body: bytes) -> bool:
    """Whether it is, but for a last character that the head cuts."""
    try:
        body.decode()
    except UnicodeDecodeError as error:
        return error.start > len(body) - 4 and error.reason == "unexpected end of data"
    return True
