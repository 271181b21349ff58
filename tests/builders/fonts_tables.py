"""Small fonts: tables of TrueType, WOFF in two versions, EOT, CFF, Type 1, PCF."""

import struct
import zlib


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)


def _sum(data: bytes) -> int:
    words: tuple[int, ...] = struct.unpack(f">{len(_padded(data)) // 4}I", _padded(data))
    return sum(words) & 0xFFFFFFFF


def names(family: str = "Whale") -> bytes:
    """A table of names with the family's."""
    text = family.encode("utf-16-be")
    return struct.pack(">HHH", 0, 1, 18) + struct.pack(">6H", 3, 1, 0x409, 1, len(text), 0) + text


HEAD = struct.pack(">IIIIHH", 0x10000, 0x10000, 0, 0x5F0F3CF5, 0, 1000) + bytes(34)
TABLES = {b"head": HEAD, b"maxp": struct.pack(">IH", 0x5000, 7), b"name": names()}


def sfnt(
    tables: dict[bytes, bytes] | None = None,
    *,
    version: bytes = b"\0\1\0\0",
    gap: bytes = b"",
    base: int = 0,
    lie: int = 0,
) -> bytes:
    """A font of tables; `lie` is added to the first checksum."""
    tables = TABLES if tables is None else tables
    at = base + 12 + 16 * len(tables) + len(gap)
    directory, data = b"", b""
    for tag, content in sorted(tables.items()):
        directory += tag + struct.pack(">III", (_sum(content) + lie) & 0xFFFFFFFF, at + len(data), len(content))
        data += _padded(content)
        lie = 0
    return version + struct.pack(">HHHH", len(tables), 16, 0, 0) + directory + gap + data


def ttc(*families: str) -> bytes:
    """A collection of fonts that share nothing."""
    fonts, at = b"", 12 + 4 * len(families)
    places = b""
    for family in families:
        places += struct.pack(">I", at + len(fonts))
        fonts += sfnt({**TABLES, b"name": names(family)}, base=at + len(fonts))
    return b"ttcf" + struct.pack(">HHI", 1, 0, len(families)) + places + fonts


def woff(*, metadata: bytes = b"", private: bytes = b"", length: int | None = None) -> bytes:
    """A font whose tables are compressed where that is shorter."""
    tables = {**TABLES, b"glyf": bytes(200)}
    at = 44 + 20 * len(tables)
    directory, data = b"", b""
    for tag, content in sorted(tables.items()):
        packed = min((content, zlib.compress(content)), key=len)
        directory += tag + struct.pack(">4I", at + len(data), len(packed), len(content), _sum(content))
        data += _padded(packed)
    places = [0, 0, 0, 0, 0]
    packed = zlib.compress(metadata)
    if metadata:
        places[:3] = [at + len(data), len(packed), len(metadata)]
        data += packed if not private else _padded(packed)
    if private:
        places[3:] = [at + len(data), len(private)]
        data += private
    whole = at + len(data) if length is None else length
    decoded = 12 + sum(16 + len(_padded(content)) for content in tables.values())
    head = b"wOFF\0\1\0\0" + struct.pack(">IHHIHH5I", whole, len(tables), 0, decoded, 1, 0, *places)
    return head + directory + data


def woff2(*, private: bytes = b"", length: int | None = None, slack: bytes = b"") -> bytes:
    """A font of three tables whose stream is not Brotli at all."""
    directory = bytes([1, 54]) + bytes([4, 6]) + bytes([63]) + b"WHAL" + bytes([0x81, 0x10])
    stream = bytes(range(1, 34))
    at = 48 + len(directory) + len(stream)
    data = directory + stream + bytes(-at % 4)
    place = 48 + len(data)
    whole = place + len(private) + len(slack) if length is None else length
    head = b"wOF2\0\1\0\0" + struct.pack(">IHHIIHH", whole, 3, 0, 400, len(stream), 1, 0)
    head += struct.pack(">5I", 0, 0, 0, place if private else 0, len(private))
    return head + data + private + slack


def eot(*, key: int = 0, size: int | None = None, root: str | None = None) -> bytes:
    """A font in a header; under an XOR where there is a key."""
    font = bytes(one ^ key for one in sfnt())
    texts = b""
    for text in ("Whale", "Regular", "1.0", "Whale Regular"):
        data = text.encode("utf-16-le")
        texts += struct.pack("<H", len(data)) + data + bytes(2)
    version, last = 0x00010000, texts[:-2]
    if root is not None:
        data = root.encode("utf-16-le")
        version, last = 0x00020001, texts + struct.pack("<H", len(data)) + data
    whole = 82 + len(last) + len(font)
    head = struct.pack("<IIII", whole if size is None else size, len(font), version, 0x10000000 if key else 0)
    head += bytes(10) + b"\1\0" + struct.pack("<IHH", 400, 0, 0x504C)
    return head.ljust(82, b"\0") + last + font


CLEAR = b"%!PS-AdobeFont-1.0: Whale 001.000\n/FontName /Whale def\n/version (001.000) def\ncurrentfile eexec\n"
ZEROS = b"0" * 64 + b"\ncleartomark\n"


def pfb(*, end: bool = True, lie: int = 0) -> bytes:
    """A Type 1 font in three segments."""
    parts = ((1, CLEAR), (2, bytes(range(40))), (1, ZEROS))
    out = b"".join(b"\x80" + bytes([kind]) + struct.pack("<I", len(data) + lie) + data for kind, data in parts)
    return out + (b"\x80\3" if end else b"")


def pfa() -> bytes:
    """The same as text."""
    return CLEAR + bytes(range(40)).hex().encode() + b"\n" + ZEROS


def pcf(*, lie: int = 0, gap: bytes = b"") -> bytes:
    """A bitmap font of two tables."""
    tables = ((1, 0xE, b"properties"), (8, 0xE, b"bitmaps"))
    at = 8 + 16 * len(tables) + len(gap)
    directory, data = b"", b""
    for kind, format, content in tables:
        whole = _padded(struct.pack("<I", format) + content)
        directory += struct.pack("<4I", kind, format, len(whole) + lie, at + len(data))
        data += whole
    return b"\1fcp" + struct.pack("<I", len(tables)) + directory + gap + data


def _index(*objects: bytes) -> bytes:
    if not objects:
        return bytes(2)
    places = [1]
    for one in objects:
        places.append(places[-1] + len(one))
    return struct.pack(">HB", len(objects), 1) + bytes(places) + b"".join(objects)


def cff(*, lie: int = 0, gap: bytes = b"") -> bytes:
    """A font of two glyphs with a private dictionary."""
    strings = _index(b"Whale Regular")
    glyphs = _index(b"\x0e", b"\x8b\x0e")
    private = b"\x8b\x14\x8b\x15"  # widths of 0

    def long(value: int) -> bytes:
        return b"\x1d" + struct.pack(">i", value)

    top = b""
    for _ in range(2):  # the places depend on the size of what tells them
        at = 4 + len(_index(b"Whale")) + len(top) + len(strings) + 2 + len(gap)
        parts = b"\xf8\x1b\x02" + long(at + lie) + b"\x11" + long(len(private)) + long(at + len(glyphs)) + b"\x12"
        top = _index(parts)
    return b"\1\0\4\1" + _index(b"Whale") + top + strings + bytes(2) + gap + glyphs + private
