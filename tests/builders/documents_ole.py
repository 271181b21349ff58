"""Compound files of a few streams, and macros as Office stores them."""

import struct
from collections.abc import Mapping

FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
SECTOR, MINI, CUTOFF = 512, 64, 4096
MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def compound(streams: Mapping[str, bytes], *, clsid: bytes = bytes(16), interleaved: bool = False) -> bytes:
    """A file of these streams; "a/b" is a stream "b" in a storage "a". Sectors of big ones may lie in turn."""
    names = sorted({"/".join(path.split("/")[:depth]) for path in streams for depth in range(1, path.count("/") + 2)})
    minis = {name: data for name, data in streams.items() if 0 < len(data) < CUTOFF}
    big = {name: data for name, data in streams.items() if len(data) >= CUTOFF}
    fat: list[int] = [FAT]
    sectors: list[bytes] = [b""]

    def put(data: bytes) -> int:
        first = len(fat)
        count = -(-len(data) // SECTOR)
        fat.extend([first + i + 1 for i in range(count - 1)] + [END] if count else [])
        sectors.extend(data[at : at + SECTOR].ljust(SECTOR, b"\0") for at in range(0, len(data), SECTOR))
        return first if count else END

    starts: dict[str, int] = {}
    table: list[int] = []
    held = b""
    for name, data in minis.items():
        starts[name] = len(table)
        count = -(-len(data) // MINI)
        table += [len(table) + i + 1 for i in range(count - 1)] + [END]
        held += data.ljust(count * MINI, b"\0")
    if interleaved:
        parts = {name: [data[at : at + SECTOR] for at in range(0, len(data), SECTOR)] for name, data in big.items()}
        last: dict[str, int] = {}
        for row in range(max(map(len, parts.values()))):
            for name, pieces in parts.items():
                if row < len(pieces):
                    at = put(pieces[row])
                    if name in last:
                        fat[last[name]] = at
                    starts.setdefault(name, at)
                    last[name] = at
    else:
        starts |= {name: put(data) for name, data in big.items()}
    mini_start = put(held)
    table_start = put(struct.pack(f"<{len(table)}I", *table).ljust(SECTOR, b"\xff")) if table else END
    rows = [_entry("Root Entry", 5, mini_start, len(held), child=_first(names, ""), right=FREE, clsid=clsid)]
    for name in names:
        depth = name.count("/")
        after = [one for one in names if one > name and one.count("/") == depth and _above(one) == _above(name)]
        right = names.index(after[0]) + 1 if after else FREE
        if name in streams:
            rows.append(_entry(name, 2, starts.get(name, END), len(streams[name]), child=FREE, right=right))
        else:
            rows.append(_entry(name, 1, 0, 0, child=_first(names, name), right=right))
    directory = put(b"".join(rows).ljust(-(-len(rows) // 4) * SECTOR, b"\0"))
    assert len(fat) <= SECTOR // 4
    sectors[0] = struct.pack(f"<{len(fat)}I", *fat).ljust(SECTOR, b"\xff")
    head = MAGIC + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
    head += struct.pack("<5I", 1, directory, 0, CUTOFF, table_start) + struct.pack("<3I", bool(table), END, 0)
    return (head + struct.pack("<I", 0)).ljust(SECTOR, b"\xff") + b"".join(sectors)


def _above(name: str) -> str:
    return name.rpartition("/")[0]


def _first(names: list[str], above: str) -> int:
    inside = [one for one in names if _above(one) == above and one != above]
    return names.index(inside[0]) + 1 if inside else FREE


def _entry(path: str, kind: int, start: int, size: int, *, child: int, right: int, clsid: bytes = bytes(16)) -> bytes:
    name = path.rpartition("/")[2].encode("utf-16-le") + b"\0\0"
    return (
        name.ljust(64, b"\0")
        + struct.pack("<HBB3I", len(name), kind, 1, FREE, right, child)
        + clsid
        + bytes(20)
        + struct.pack("<IQ", start, size)
    )


def ovba(data: bytes) -> bytes:
    """A compressed container of literals, but for a copy of what has just been, where that is three bytes."""
    out = b"\1"
    for start in range(0, len(data), 4096):
        chunk, tokens = data[start : start + 4096], []
        at = 0
        while at < len(chunk):
            width = max(4, (at - 1).bit_length()) if at else 4
            if at >= 3 and chunk[at : at + 3] == chunk[at - 3 : at]:
                tokens.append(struct.pack("<H", 2 << (16 - width)))
                at += 3
            else:
                tokens.append(chunk[at : at + 1])
                at += 1
        body = b""
        for first in range(0, len(tokens), 8):
            group = tokens[first : first + 8]
            body += bytes([sum(1 << bit for bit, token in enumerate(group) if len(token) == 2)]) + b"".join(group)
        if len(body) > 4096:  # as it is, then
            out += struct.pack("<H", 0x3FFF) + chunk.ljust(4096, b"\0")
        else:
            out += struct.pack("<H", 0xB000 | len(body) - 1) + body
    return out


def vba_dir(*modules: tuple[str, int]) -> bytes:
    """The table of modules: name of module and stream, and where in it the source begins."""

    def row(kind: int, data: bytes) -> bytes:
        return struct.pack("<HI", kind, len(data)) + data

    out = row(1, bytes(4)) + row(3, struct.pack("<H", 1252)) + struct.pack("<HIIH", 9, 4, 1, 2)
    for name, offset in modules:
        out += (
            row(0x19, name.encode()) + row(0x1A, name.encode()) + row(0x31, struct.pack("<I", offset)) + row(0x2B, b"")
        )
    return ovba(out + row(0x10, b""))


def summary(title: bytes, *, created: int = 0) -> bytes:
    """A summary stream."""
    texts = struct.pack("<II", 30, len(title) + 1) + (title + b"\0").ljust(-(-len(title) // 4) * 4 + 4, b"\0")
    rows = struct.pack("<6I", 2, 32, 12, 32 + len(texts), 1, 32 + len(texts) + 12)
    rest = struct.pack("<IQ", 64, created) + struct.pack("<II", 2, 1252)
    body = struct.pack("<II", 8 + len(rows) + len(texts) + len(rest), 3) + rows + texts + rest
    return b"\xfe\xff\0\0" + bytes(4) + bytes(16) + struct.pack("<I", 1) + bytes(16) + struct.pack("<I", 48) + body
