"""The structures of ZIP as they are stored (APPNOTE 4.3), little-endian, and what their numbers mean."""

import struct
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from rorqual.analyzers.formats.strings import printable
from rorqual.sdk import View

LOCAL, CENTRAL, END, DESCRIPTOR = b"PK\3\4", b"PK\1\2", b"PK\5\6", b"PK\7\x08"
END64, LOCATOR64, SIGNATURE, EXTRA_RECORD = b"PK\6\6", b"PK\6\7", b"PK\5\5", b"PK\6\x08"
SPANNED = (DESCRIPTOR, b"PK00")  # before the first local header of what was written in parts, or might have been
LOCAL_SIZE, CENTRAL_SIZE, END_SIZE = 30, 46, 22
FULL16, FULL32 = 0xFFFF, 0xFFFFFFFF  # the value stands in ZIP64's fields

ENCRYPTED, DEFERRED, STRONG, UTF8, MASKED = 1, 1 << 3, 1 << 6, 1 << 11, 1 << 13  # general purpose flags (4.4.4)
X_ZIP64, X_AES, X_NAME = 0x0001, 0x9901, 0x7075  # headers of extra fields

METHODS = {
    0: "stored",
    1: "shrink",
    2: "reduce-1",
    3: "reduce-2",
    4: "reduce-3",
    5: "reduce-4",
    6: "implode",
    8: "deflate",
    9: "deflate64",
    10: "terse-old",
    12: "bzip2",
    14: "lzma",
    16: "cmpsc",
    18: "terse",
    19: "lz77",
    20: "zstd-old",
    93: "zstd",
    94: "mp3",
    95: "xz",
    96: "jpeg",
    97: "wavpack",
    98: "ppmd",
    99: "aes",
}
SYSTEMS = {
    0: "FAT",
    1: "Amiga",
    2: "OpenVMS",
    3: "Unix",
    4: "VM/CMS",
    5: "Atari ST",
    6: "HPFS",
    7: "Macintosh",
    10: "NTFS",
    11: "MVS",
    12: "VSE",
    14: "VFAT",
    19: "macOS",
}
UNIX = (3, 19)  # systems whose external attributes have a mode in the upper half
READ = 64 << 10
ENTRY_COST = 16  # steps, with what is done about an entry elsewhere

_LOCAL = struct.Struct("<4x5H3L2H")
_CENTRAL = struct.Struct("<4x6H3L5H2L")


class Entry(NamedTuple):
    """An entry of the central directory."""

    at: int  # in the source
    made: int
    flags: int
    method: int
    time: int
    date: int
    crc: int
    packed: int
    size: int
    disk: int
    external: int
    local: int  # offset of the local header, as stored
    name: bytes
    extra: bytes
    comment: bytes

    @property
    def end(self) -> int:
        """Where the next entry begins."""
        return self.at + CENTRAL_SIZE + len(self.name) + len(self.extra) + len(self.comment)


class Local(NamedTuple):
    """The fixed fields of a local header."""

    needed: int
    flags: int
    method: int
    time: int
    date: int
    crc: int
    packed: int
    size: int
    name: int  # bytes
    extra: int  # bytes


def local(head: bytes) -> Local:
    """The local header in the first 30 bytes of `head`."""
    return Local(*_LOCAL.unpack_from(head))


def entries(view: View, at: int, most: int) -> Iterator[Entry]:
    """The entries from `at` on, as long as there are any, at most `most`; `view` begins where the source does."""
    data, base = b"", at
    for _ in range(most):
        while True:
            place = at - base
            if len(data) - place >= CENTRAL_SIZE:
                fields = _CENTRAL.unpack_from(data, place)
                name, extra, comment = fields[9:12]
                size = CENTRAL_SIZE + name + extra + comment
                if len(data) - place >= size:
                    break
                wanted = size
            else:
                wanted = CENTRAL_SIZE
            data, base = view.read(at, max(READ, wanted)), at
            if len(data) < wanted or data[:4] != CENTRAL:
                return
        if data[place : place + 4] != CENTRAL:
            return
        view.step(ENTRY_COST)
        start = place + CENTRAL_SIZE
        named = data[start : start + name]
        extras = data[start + name : start + name + extra]
        noted = data[start + name + extra : place + size]
        made, _, flags, method, time, date, crc, packed, plain = fields[:9]
        disk, _, external, offset = fields[12:]
        if FULL32 in (packed, plain, offset):
            plain, packed, offset = wide(extras, plain, packed, offset)
        yield Entry(
            at, made, flags, method, time, date, crc, packed, plain, disk, external, offset, named, extras, noted
        )
        at += size


def extras(extra: bytes) -> Iterator[tuple[int, int, int, int]]:
    """(header, at, start of the data, end) of each extra field; one whose length lies ends the list, with header -1."""
    at = 0
    while at + 4 <= len(extra):
        header, size = struct.unpack_from("<2H", extra, at)
        if at + 4 + size > len(extra):
            break
        yield header, at, at + 4, at + 4 + size
        at += 4 + size
    if at < len(extra):
        yield -1, at, at, len(extra)


def wide(extra: bytes, *values: int) -> tuple[int, ...]:
    """The values, those that are full from ZIP64's extra field, which has them in this order (4.5.3)."""
    for header, _, start, end in extras(extra):
        if header == X_ZIP64:
            result = []
            for value in values:
                if value == FULL32 and start + 8 <= end:
                    value = int.from_bytes(extra[start : start + 8], "little")  # noqa: PLW2901
                    start += 8  # noqa: PLW2901
                result.append(value)
            return tuple(result)
    return values


@lru_cache(4096)
def moment(date: int, time: int) -> str | None:
    """A DOS date and time; None for none."""
    if not date:
        return None
    day = f"{1980 + (date >> 9)}-{date >> 5 & 15:02}-{date & 31:02}"
    return f"{day}T{time >> 11:02}:{time >> 5 & 63:02}:{(time & 31) * 2:02}"


def text(raw: bytes, flags: int, most: int) -> str:
    """A name or comment: UTF-8 where the flag or the bytes say so, else code page 437; cut at `most` characters."""
    if raw.isascii():
        return printable(raw[:most])
    raw = raw[: 4 * most]
    try:
        decoded = raw.decode("utf-8", "strict")
    except UnicodeDecodeError:
        decoded = raw.decode("utf-8", "backslashreplace") if flags & UTF8 else raw.decode("cp437")
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in decoded[:most])
