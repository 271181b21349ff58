"""Parts of PE images, to be laid into a section or behind the image: valid unless a test asks for a lie."""

import struct
import zlib
from dataclasses import replace

from tests.builders.pe import CODE, Image, Section

RDATA = 0x4000_0040
AT = 0x2000  # the address of what `holding` lays
BASE_32, BASE_64 = 0x40_0000, 0x1_8000_0000


def holding(
    data: bytes, directories: dict[int, tuple[int, int]], *, plus: bool = True, image: Image | None = None
) -> Image:
    """An image whose second section holds `data`, at AT; code of two pages before it."""
    image = image or Image(plus=plus)
    sections = (Section(b".text", b"\x90" * 0x500 + b"\xc3", CODE), Section(b".rdata", data, RDATA))
    return replace(image, plus=plus, sections=sections, directories=image.directories | directories)


def tls(
    *callbacks: int, plus: bool = True, end: bool = True, template: tuple[int, int] = (AT + 0x80, AT + 0x90)
) -> bytes:
    """A TLS directory at AT with a list of callbacks (RVAs) at AT + 0x100."""
    base, form, pointer = (BASE_64, "<4Q2I", "<Q") if plus else (BASE_32, "<6I", "<I")
    head = struct.pack(form, base + template[0], base + template[1], base + AT + 0xF0, base + AT + 0x100, 16, 0x30_0000)
    data = head.ljust(0x100, b"\0") + b"".join(struct.pack(pointer, base + rva) for rva in callbacks)
    return data + (struct.pack(pointer, 0) if end else b"")


def debug(*entries: tuple[int, bytes], pointer: int, stamp: int = 0x5F5E_1000, minor: int = 0) -> bytes:
    """A debug directory at AT, whose file place is `pointer`, and the data of (type, data) entries behind it."""
    at = 28 * len(entries)
    rows, rest = b"", b""
    for kind, data in entries:
        rows += struct.pack(
            "<IIHHIIII", 0, stamp, 0, minor, kind, len(data), AT + at + len(rest), pointer + at + len(rest)
        )
        rest += data + bytes(-len(data) % 4)
    return rows + rest


def rsds(path: bytes, *, age: int = 1) -> bytes:
    """A CodeView entry."""
    return b"RSDS" + bytes(range(16)) + struct.pack("<I", age) + path + b"\0"


def relocations(*blocks: tuple[int, tuple[int, ...]]) -> bytes:
    """(page, entries) blocks."""
    return b"".join(
        struct.pack(f"<II{len(entries)}H", page, 8 + 2 * len(entries), *entries) for page, entries in blocks
    )


def functions(*rows: tuple[int, int]) -> bytes:
    """x64 rows of (begin, end)."""
    return b"".join(struct.pack("<III", begin, end, AT) for begin, end in rows)


def load_config(values: dict[int, tuple[int, int]], size: int) -> bytes:
    """A load configuration of `size` bytes with (width, value) at offsets."""
    data = bytearray(max(size, 4))
    struct.pack_into("<I", data, 0, size)
    for offset, (width, value) in values.items():
        data[offset : offset + width] = value.to_bytes(width, "little")
    return bytes(data)


def resource(kind: int | str, name: int | str, data: bytes, rva: int = AT) -> bytes:
    """A resource tree of one resource, to lie at `rva`."""
    names, at = b"", 0x80

    def key(value: int | str) -> int:
        nonlocal names
        if isinstance(value, int):
            return value
        place = at + len(names)
        names += struct.pack("<H", len(value)) + value.encode("utf-16-le")
        return place | 0x8000_0000

    def directory(value: int | str, target: int) -> bytes:
        named = isinstance(value, str)
        return struct.pack("<12xHHII", int(named), int(not named), key(value), target)

    rows = directory(kind, 0x18 | 0x8000_0000) + directory(name, 0x30 | 0x8000_0000) + directory(1033, 0x48)
    rows += struct.pack("<IIII", rva + 0x100, len(data), 0, 0)
    return (rows.ljust(at, b"\0") + names).ljust(0x100, b"\0") + data


def pack_header(*, release: bytes = b"3.96", method: int = 14, packed: int = 0x200) -> bytes:
    """UPX's, with the release before it."""
    head = bytearray(struct.pack("<4s4B5I4B", b"UPX!", 13, 36, method, 8, 1, 2, 0x4000, packed, 0x6000, 0x49, 0, 0, 0))
    head[31] = sum(head[4:31]) % 251
    return release + b"\0" + bytes(head)


def nsis(following: int, *, flags: int = 0) -> bytes:
    """The first header, and what follows it."""
    head = struct.pack("<II12sII", flags, 0xDEAD_BEEF, b"NullsoftInst", 4096, following)
    return head + bytes(i * 73 % 251 for i in range(following - len(head)))


def inno(first: int, *, total: int = 0x4000) -> bytes:
    """A loader's table of version 1."""
    table = b"rDlPtS\xcd\xe6\xd7\x7b\x0b\x2a" + struct.pack("<7I", 1, total, 0x2000, 0x8000, 0, first, 0)
    return table + struct.pack("<I", zlib.crc32(table))


def seven_zip(content: bytes = b"packed", header: bytes = b"\x01\x00") -> bytes:
    """An archive by its start header; what is in it makes no sense."""
    start = struct.pack("<QQI", len(content), len(header), zlib.crc32(header))
    return b"7z\xbc\xaf\x27\x1c\x00\x04" + struct.pack("<I", zlib.crc32(start)) + start + content + header


def rar5() -> bytes:
    """A marker and a main header."""
    body = bytes([3, 1, 0, 0])
    return b"Rar!\x1a\x07\x01\x00" + struct.pack("<I", zlib.crc32(body)) + body + bytes(16)


def rar4() -> bytes:
    """A marker and a main header."""
    body = struct.pack("<BHH6x", 0x73, 0, 13)
    return b"Rar!\x1a\x07\x00" + struct.pack("<H", zlib.crc32(body) & 0xFFFF) + body + bytes(16)


def cabinet(size: int = 0x80) -> bytes:
    """A cabinet's header, padded."""
    return struct.pack("<4sIIIIIBBHHHHH", b"MSCF", 0, size, 0, 0x44, 0, 3, 1, 1, 2, 0, 0, 0).ljust(size, b"\0")


def pyinstaller(python: int = 311) -> bytes:
    """An archive of one entry with its cookie."""
    content = b"import os\n"
    name = b"struct\0\0\0\0\0\0\0\0"
    toc = struct.pack(">IIIIBc", 18 + len(name), 0, len(content), len(content), 0, b"m") + name
    size = len(content) + len(toc) + 88
    cookie = struct.pack(
        ">8sIIII64s", b"MEI\x0c\x0b\x0a\x0b\x0e", size, len(content), len(toc), python, b"python311.dll"
    )
    return content + toc + cookie
