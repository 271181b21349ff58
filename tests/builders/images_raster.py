"""Small pictures of the common formats, byte by byte: PNG and relatives, JPEG, GIF, BMP, icons, TIFF, WebP."""

import struct
import zlib

PNG = b"\x89PNG\r\n\x1a\n"


def chunk(kind: bytes, data: bytes, *, crc: int | None = None) -> bytes:
    """A chunk of PNG, with its CRC or another."""
    stored = zlib.crc32(kind + data) if crc is None else crc
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", stored)


def ihdr(width: int = 3, height: int = 2) -> bytes:
    """The header of a grey image of eight bits."""
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))


def png(*between: bytes, before: bytes = b"", end: bytes = chunk(b"IEND", b"")) -> bytes:
    """A grey image of 3 by 2, with chunks between header and data."""
    rows = zlib.compress(b"\0\1\2\3\0\4\5\6")
    return PNG + before + ihdr() + b"".join(between) + chunk(b"IDAT", rows) + end


def mng() -> bytes:
    """An animation of one image."""
    header = chunk(b"MHDR", struct.pack(">7I", 3, 2, 10, 1, 1, 1, 1))
    return b"\x8aMNG\r\n\x1a\n" + header + png()[8:] + chunk(b"MEND", b"")


def jng() -> bytes:
    """A JPEG in chunks."""
    header = chunk(b"JHDR", struct.pack(">II8B", 3, 2, 8, 8, 8, 0, 0, 0, 0, 0))
    return b"\x8bJNG\r\n\x1a\n" + header + chunk(b"JDAT", jpeg()) + chunk(b"IEND", b"")


def segment(marker: int, data: bytes) -> bytes:
    """A segment of JPEG."""
    return bytes([0xFF, marker]) + struct.pack(">H", len(data) + 2) + data


JFIF = segment(0xE0, b"JFIF\0\1\2\0\0\1\0\1\0\0")
SCAN = segment(0xDA, b"\1\1\0\0\x3f\0") + b"\xa5\xff\0\x5a\xff\xd0\x12\x34"


def jpeg(*segments: bytes, frame: int = 0xC0, end: bytes = b"\xff\xd9") -> bytes:
    """A grey image of 8 by 8; its data have a stuffed byte and a restart marker."""
    tables = segment(0xDB, bytes(65)) + segment(0xC4, b"\0" + b"\1" + bytes(15) + b"\0")
    shape = segment(frame, struct.pack(">BHHB3B", 8, 8, 8, 1, 1, 0x11, 0))
    return b"\xff\xd8" + b"".join(segments) + tables + shape + SCAN + end


def gif(*extensions: bytes, version: bytes = b"89a", end: bytes = b";") -> bytes:
    """An image of 2 by 2 in two colours."""
    screen = b"GIF" + version + struct.pack("<HHBBB", 2, 2, 0x80, 0, 0) + bytes(3) + b"\xff\xff\xff"
    image = b"," + struct.pack("<HHHHB", 0, 0, 2, 2, 0) + b"\2\3\x44\x02\x05\0"
    return screen + b"".join(extensions) + image + end


def gif_extension(label: int, *blocks: bytes) -> bytes:
    """An extension of GIF with its sub-blocks."""
    return b"!" + bytes([label]) + b"".join(bytes([len(block)]) + block for block in blocks) + b"\0"


def bmp(header: int = 40, *, depth: int = 24, gap: bytes = b"", size: int | None = None, more: bytes = b"") -> bytes:
    """A picture of 3 by 2 under a header of so many bytes."""
    width, height = 3, 2
    palette = bytes((1 << depth) * (3 if header == 12 else 4)) if depth <= 8 else b""
    rows = bytes(range(1, 1 + (width * depth + 31) // 32 * 4)) * height
    if header == 12:
        fields = struct.pack("<IHHHH", 12, width, height, 1, depth)
    else:
        fields = struct.pack("<IiiHHIIiiII", header, width, height, 1, depth, 0, len(rows), 0, 0, 0, 0)
        fields = (fields + bytes(200))[:header]
    at = 14 + len(fields) + len(palette) + len(gap)
    whole = at + len(rows) + len(more)
    head = b"BM" + struct.pack("<IHHI", whole if size is None else size, 0, 0, at)
    return head + fields + palette + gap + rows + more


def dib(width: int = 4, height: int = 4) -> bytes:
    """The image of an icon: a header, pixels of 32 bits, a mask."""
    return (
        struct.pack("<IiiHHIIiiII", 40, width, 2 * height, 1, 32, 0, 0, 0, 0, 0, 0)
        + b"\x11\x22\x33\xff" * (width * height)
        + bytes(4 * height)
    )


def ico(*images: bytes, kind: int = 1, gap: bytes = b"") -> bytes:
    """An icon (1) or cursor (2) of images, with bytes between directory and images."""
    at = 6 + 16 * len(images) + len(gap)
    entries = b""
    for image in images:
        planes = 1 if kind == 1 else 0
        entries += struct.pack("<BBBBHHII", 4, 4, 0, 0, planes, 32 if kind == 1 else 2, len(image), at)
        at += len(image)
    return struct.pack("<HHH", 0, kind, len(images)) + entries + gap + b"".join(images)


def tiff(
    order: str = "<", *, big: bool = False, gap: bytes = b"", more: tuple[tuple[int, int, int, bytes], ...] = ()
) -> bytes:
    """A grey image of 4 by 2: header, pixels, perhaps a gap, one directory; `more` are (tag, type, count, value)."""
    magic = (b"II" if order == "<" else b"MM") + struct.pack(order + "H", 43 if big else 42)
    head = 16 if big else 8
    pixels = bytes(range(8))
    wide = "Q" if big else "I"
    slot = 8 if big else 4
    values = b""
    begins = head + len(pixels) + len(gap)
    entries = [(256, 3, 1, struct.pack(order + "H", 4)), (257, 3, 1, struct.pack(order + "H", 2))]
    entries += [(258, 3, 1, struct.pack(order + "H", 8)), (259, 3, 1, struct.pack(order + "H", 1))]
    entries += [(273, 4, 1, struct.pack(order + "I", head)), (279, 4, 1, struct.pack(order + "I", len(pixels)))]
    entries = sorted([*entries, *more])
    packed = b""
    for tag, kind, count, value in entries:
        packed += struct.pack(order + "HH" + wide, tag, kind, count)
        if len(value) <= slot:
            packed += value + bytes(slot - len(value))
        else:
            packed += struct.pack(order + wide, begins + len(values))
            values += value + bytes(len(value) % 2)
    at = begins + len(values)
    directory = struct.pack(order + ("Q" if big else "H"), len(entries)) + packed + bytes(slot)
    first = struct.pack(order + "HHQ", 8, 0, at) if big else struct.pack(order + "I", at)
    return magic + first + pixels + gap + values + directory


def riff(form: bytes, *chunks: tuple[bytes, bytes], size: int | None = None) -> bytes:
    """A RIFF file of chunks."""
    data = b"".join(kind + struct.pack("<I", len(data)) + data + bytes(len(data) % 2) for kind, data in chunks)
    return b"RIFF" + struct.pack("<I", 4 + len(data) if size is None else size) + form + data


VP8L = (b"VP8L", b"\x2f" + struct.pack("<I", 2 | 1 << 14) + b"\x88\x88\x08")  # 3 by 2


def webp(*chunks: tuple[bytes, bytes], size: int | None = None) -> bytes:
    """A lossless picture of 3 by 2, in the extended form where there are other chunks."""
    if not chunks:
        return riff(b"WEBP", VP8L, size=size)
    extended = (b"VP8X", b"\x2c\0\0\0\2\0\0\1\0\0")
    return riff(b"WEBP", extended, VP8L, *chunks, size=size)
