"""Cabinets of one folder, stored or MSZIP."""

import struct
import zlib


def words(data: bytes, seed: int = 0) -> int:
    """The checksum of a block's parts, word by word."""
    for at in range(0, len(data) & ~3, 4):
        seed ^= int.from_bytes(data[at : at + 4], "little")
    return seed ^ int.from_bytes(data[len(data) & ~3 :], "big")


def block(data: bytes, packed: bytes) -> bytes:
    sizes = struct.pack("<HH", len(packed), len(data))
    return struct.pack("<I", words(sizes, words(packed))) + sizes + packed


def mszip(data: bytes, history: bytes = b"") -> bytes:
    stream = zlib.compressobj(9, zlib.DEFLATED, -15, zdict=history)
    return b"CK" + stream.compress(data) + stream.flush()


class Bits:
    """Bits in words of 16, the highest first."""

    def __init__(self) -> None:
        self._bits = ""

    def put(self, value: int, count: int) -> None:
        self._bits += f"{value:0{count}b}"

    def data(self) -> bytes:
        bits = self._bits + "0" * (-len(self._bits) % 16)
        words = (int(bits[at : at + 16], 2) for at in range(0, len(bits), 16))
        return b"".join(struct.pack("<H", word) for word in words)


def lzx(literals: bytes, copied: int, distance: int) -> bytes:
    """One verbatim block: bytes below 128 with codes of 8 bits, and a match of 2 to 8 bytes, 2 or 3 bytes behind, with
    one of 4 bits."""
    bits = Bits()
    bits.put(0, 1)  # calls are not translated
    bits.put(1, 3)
    bits.put(len(literals) + copied, 24)
    lengths = [8] * 128 + [0] * 128
    main = 8 * 30
    slots = [0] * main
    slots[8 * 4 : 8 * 4 + 8] = [4] * 8  # distances of 2 and 3: all of the other half
    for part in (lengths, slots, [0] * 249):
        used = sorted({(-one) % 17 for one in part})
        width = 1 if len(used) <= 2 else 2
        sizes = [0] * 20
        for one in used:
            sizes[one] = width
        if len(used) == 1:
            sizes[1 if used[0] != 1 else 2] = 1
        for one in sizes:
            bits.put(one, 4)
        codes = {symbol: number for number, symbol in enumerate(s for s in range(20) if sizes[s])}
        for one in part:
            bits.put(codes[-one % 17], width)
    for byte in literals:
        bits.put(128 + byte, 8)  # codes of 4 bits come first
    bits.put(copied - 2, 4)
    bits.put(distance + 2 - 4, 1)  # slot 4 has a base of 4 and one more bit
    return bits.data()


def cabinet(
    files: list[tuple[str, bytes]],
    *,
    method: int = 1,
    reserve: bytes = b"",
    gap: bytes = b"",
    packed: bytes | None = None,
) -> bytes:
    """All files in one folder; blocks of 512 bytes, so that more than one has a history."""
    whole = b"".join(data for _, data in files)
    chunks = [(whole[at : at + 512], whole[max(0, at - 32768) : at]) for at in range(0, len(whole), 512)]
    blocks = b"".join(block(data, packed or (mszip(data, before) if method == 1 else data)) for data, before in chunks)
    entries, at = b"", 0
    for name, data in files:
        entries += struct.pack("<IIHHHH", len(data), at, 0, 0x5A3F, 0x6C21, 0x20) + name.encode() + b"\0"
        at += len(data)
    room = struct.pack("<HBB", len(reserve), 0, 0) + reserve if reserve else b""
    tables = 36 + len(room) + 8
    first = tables + len(gap) + len(entries)
    head = struct.pack(
        "<4sIIIIIBBHHHHH",
        b"MSCF",
        0,
        first + len(blocks),
        0,
        tables + len(gap),
        0,
        3,
        1,
        1,
        len(files),
        4 * bool(reserve),
        7,
        0,
    )
    return head + room + struct.pack("<IHH", first, len(chunks), method) + gap + entries + blocks
