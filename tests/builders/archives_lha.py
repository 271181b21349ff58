"""LHA and Zoo archives, with an encoder that knows literals and repetitions of the last byte."""

import struct

from rorqual.analyzers.formats.archives.lha.headers import crc16

DATE = 0x5A21 << 16 | 0x6000  # 2025-01-01, 12:00


def huffed(content: bytes, *, place: int = 0, method: bytes = b"-lh5-") -> bytes:
    """One block: 510 symbols of 9 bits; all copies are of the distance class `place`, whose lowest is used."""
    distance = 1 if place == 0 else 2 if place == 1 else (1 << place - 1) + 1
    symbols: list[int] = []
    at = 0
    while at < len(content):
        length = 0
        while length < 256 and at + length < len(content) and at >= distance:
            if content[at + length] != content[at + length - distance]:
                break
            length += 1
        if length >= 3:
            symbols.append(253 + length)
            at += length
        else:
            symbols.append(content[at])
            at += 1
    small = format(0, "05b") + format(11, "05b")  # one symbol: a width of 9
    literals = format(510, "09b")
    width = 5 if method in (b"-lh6-", b"-lh7-") else 4
    places = "0" * width + format(place, f"0{width}b")
    codes = "".join(format(one, "09b") + ("0" * (place - 1) if one > 255 and place > 1 else "") for one in symbols)
    bits = format(len(symbols), "016b") + small + literals + places + codes
    bits += "0" * (-len(bits) % 8)
    return int(bits, 2).to_bytes(len(bits) // 8, "big")


def lha_member(
    name: bytes,
    content: bytes,
    *,
    level: int = 0,
    method: bytes = b"-lh0-",
    data: bytes | None = None,
    extended: tuple[tuple[int, bytes], ...] = (),
    packed: int | None = None,
) -> bytes:
    """Header and data."""
    data = content if data is None else data
    packed = len(data) if packed is None else packed
    crc = struct.pack("<H", crc16(content))
    if level < 2:
        more = b""
        if level == 1:
            sizes = [3 + len(one) for _, one in extended] + [0]
            more = b"".join(
                bytes([kind]) + one + struct.pack("<H", size)
                for (kind, one), size in zip(extended, sizes[1:], strict=True)
            )
        body = method + struct.pack("<3LBB", packed + len(more), len(content), DATE, 0x20, level)
        body += bytes([len(name)]) + name + crc
        body += b"U" + struct.pack("<H", sizes[0]) if level == 1 else b""
        return bytes([len(body), sum(body) & 0xFF]) + body + more + data
    wide = "<L" if level == 3 else "<H"
    step = struct.calcsize(wide)
    extended = ((0, b"\0\0"), (1, name), *extended)
    sizes = [1 + step + len(one) for _, one in extended] + [0]
    more = b"".join(
        bytes([kind]) + one + struct.pack(wide, size) for (kind, one), size in zip(extended, sizes[1:], strict=True)
    )
    fixed = method + struct.pack("<3LBB", packed, len(content), 1_700_000_000, 0x20, level) + crc + b"U"
    whole = 2 + len(fixed) + (4 if level == 3 else 0) + step + len(more)
    head = (b"\4\0" if level == 3 else struct.pack("<H", whole)) + fixed
    head += struct.pack("<L", whole) if level == 3 else b""
    head += struct.pack(wide, sizes[0])
    place = len(head) + 1
    raw = head + more
    return raw[:place] + struct.pack("<H", crc16(raw)) + raw[place + 2 :] + data


def zoo_archive(*members: tuple[bytes, bytes, bool], comment: bytes = b"", method: int = 0) -> bytes:
    """An archive of (name, content, deleted); the entry that ends it has no fields behind."""
    title = b"ZOO 2.10 Archive.\x1a".ljust(20, b"\0")
    start = 42 + len(comment)
    head = title + b"\xdc\xa7\xc4\xfd" + struct.pack("<2LBB", start, -start & 0xFFFFFFFF, 2, 0)
    head += struct.pack("<BLHB", 1, 42 if comment else 0, len(comment), 1) + comment
    out = head
    for name, content, deleted in members:
        data = huffed(content) if method == 2 else content
        place = len(out) + 56 + 2
        entry = b"\xdc\xa7\xc4\xfd" + bytes([2, method]) + struct.pack("<2L", place + len(data), place)
        entry += struct.pack("<2H", 0x5A21, 0x6000) + struct.pack("<H2L", crc16(content), len(content), len(data))
        entry += struct.pack("<4B", 2, 0, int(deleted), 0) + struct.pack("<LH", 0, 0) + name[:12].ljust(13, b"\0")
        out += entry + struct.pack("<HBH", 2, 0, 0) + b"\0\0" + data
    return out + b"\xdc\xa7\xc4\xfd" + bytes([1]) + bytes(46)
