"""ARJ archives: a main header and one for each member, each with a CRC-32, up to a header of no size.

technote.txt of ARJ 2.86. Stored members are children. Not handled: the compression methods, what is garbled, chapters,
and the recovery data that ARJ-PROTECT appends.
"""

import struct
import zlib
from collections.abc import Iterator
from typing import ClassVar, NamedTuple

from rorqual.analyzers.formats.solid.members import LONGEST_NAME, Missed, Table, Traps, room
from rorqual.analyzers.formats.solid.times import dos_time
from rorqual.sdk import Anchor, Anomaly, Closed, Codec, Extent, Hit, Malformed, Region, Room, Said, View, frozen

MAGIC = b"\x60\xea"
FIXED = 30  # bytes of the first header's known fields
LARGEST = 2600  # bytes of a basic header
EXTENDED_MOST = 16  # extended headers of one member
GARBLED, VOLUME, CONTINUED = 0x1, 0x4, 0x8
MAIN, DIRECTORY = 2, 3
KINDS = {0: "binary", 1: "text", 3: "directory", 4: "label", 5: "chapter"}
METHODS = {0: "stored", 1: "most", 2: "normal", 3: "faster", 4: "fastest"}
_FIRST = struct.Struct("<8BIIIIHHH")


class ArjMember(NamedTuple):
    """A member as its header tells of it."""

    name: str
    size: int  # bytes unpacked
    packed: int
    method: str
    modified: str | None  # ISO 8601, local time
    crc32: int
    encrypted: bool
    kind: str


@frozen
class ArjMembers:
    """Rows of members, 256 to a finding, which spans their headers."""

    tag: ClassVar[str] = "arj_members"
    first: int
    rows: tuple[ArjMember, ...]


@frozen
class ArjArchive:
    """An archive or a volume of one; the finding has its size as far as its headers lead."""

    tag: ClassVar[str] = "arj_archive"
    name: str
    comment: str | None
    version: int  # of the archiver
    created: str | None
    members: int
    encrypted: bool
    volume: bool
    ended: bool


class Header(NamedTuple):
    """A header whose CRC holds."""

    at: int
    fields: tuple[int, ...]
    name: str
    comment: bytes
    comment_at: int
    extended: tuple[tuple[int, int], ...]  # (place, size)
    end: int


class Arj:
    """Finds ARJ archives anywhere: behind a self-extracting stub as well."""

    name = "arj"
    version = 1
    wakes_on = (Anchor(rb"\x60\xea[\x00-\xff][\x00-\x0a][\x1e-\x50][\x01-\x7f]{2}[\x00-\x0f][\x00-\xff]{2}\x02"),)

    def score(self, view: View, /) -> int:
        """Whether the first header fits into the basic one."""
        head = view.read(2, 3)
        return int(len(head) == 3 and head[2] + 2 <= int.from_bytes(head[:2], "little") <= LARGEST)

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        main = read_header(hit.view, 0)
        if main is None or main.fields[6] != MAIN:
            raise Malformed(hit.offset, "a main header whose CRC holds")
        walk = _Walk(hit)
        yield from walk.rooms(main)
        yield from walk.members(main.end)
        body = ArjArchive(
            main.name,
            main.comment[:LONGEST_NAME].decode("cp437") or None,
            main.fields[1],
            dos_time(main.fields[8]),
            walk.count,
            walk.encrypted,
            bool(main.fields[4] & VOLUME),
            walk.ended,
        )
        yield hit.finding(0, walk.end, body)
        if walk.ended:
            yield Extent(0, walk.end, "arj", "the CRC of each header holds, to the last", "within 524288")


def read_header(view: View, at: int) -> Header | None:
    """The header at `at`; None where there is none whose CRC holds."""
    data = view.read(at, 256)
    size = int.from_bytes(data[2:4], "little")
    if len(data) < 4 or data[:2] != MAGIC or not FIXED <= size <= LARGEST:
        return None
    if len(data) < size + 10:
        data = view.read(at, size + 10)
    basic = data[4 : 4 + size]
    if len(data) < size + 10 or zlib.crc32(basic) != int.from_bytes(data[4 + size : 8 + size], "little"):
        return None
    first = basic[0]
    if not FIXED <= first < size:
        return None
    name, _, rest = basic[first:].partition(b"\0")
    comment = rest.partition(b"\0")[0]
    end, extended = at + 8 + size, list[tuple[int, int]]()
    for _ in range(EXTENDED_MOST):
        length = int.from_bytes(view.read(end, 2), "little")
        end += 2
        if not length:
            break
        extended.append((end, length))
        end += length + 4
    comment_at = at + 4 + first + len(name) + 1
    shown = name.decode("cp437")[:LONGEST_NAME]
    return Header(at, _FIRST.unpack_from(basic), shown, comment, comment_at, tuple(extended), end)


class _Walk:
    """One walk from header to header, and what it has met."""

    def __init__(self, hit: Hit) -> None:
        self._hit, self._view = hit, hit.view
        self._table: Table[ArjMember] = Table()
        self._missed, self._traps = Missed(), Traps(hit)
        self.count = self.end = 0
        self.encrypted = self.ended = False

    def members(self, at: int) -> Iterator[Said]:
        self.end = at
        while True:
            self._view.step()
            header = read_header(self._view, self.end)
            if header is None:
                self.ended = self._view.read(self.end, 4) == MAGIC + b"\0\0"
                self.end += 4 * self.ended
                break
            if header.fields[6] == MAIN:
                yield self._hit.finding(
                    self.end, header.end - self.end, Anomaly("second_main_header", header.name[:256])
                )
                break
            yield from self.rooms(header)
            yield from self._member(header)
            packed = header.fields[9]
            if packed and self._view.within(header.end, packed) < packed:
                break
            self.end = header.end + packed
        for part in self._table.rest():
            yield self._hit.finding(*part[:2], ArjMembers(*part[2:]))
        yield from self._missed.rest()

    def _member(self, header: Header) -> Iterator[Said]:
        _, _, _, _, flags, method, kind, _, modified, packed, size, crc = header.fields[:12]
        self.count += 1
        secret = bool(flags & GARBLED)
        row = ArjMember(
            header.name,
            size,
            packed,
            METHODS.get(method, f"method {method}"),
            dos_time(modified),
            crc,
            secret,
            KINDS.get(kind, f"kind {kind}"),
        )
        for part in self._table.add(header.at, header.end - header.at, row):
            yield self._hit.finding(*part[:2], ArjMembers(*part[2:]))
        yield from self._traps.name(header.at, header.end - header.at, header.name)
        present = self._view.within(header.end, packed)
        if not present:
            return
        if secret:
            self.encrypted = True
            yield from self._missed.rest()
            yield Closed(header.end, present, "encrypted ARJ member")
        elif method == 0:
            yield from self._missed.rest()
            yield Region(header.end, present, "arj-member", Codec("arj-stored", None), name=header.name)
        else:
            self._missed.add(header.end, present)

    def rooms(self, header: Header) -> Iterator[Said]:
        """The comment and the extended headers."""
        yield from room(self._hit, header.comment_at, len(header.comment), Room("arj", "comment"))
        for at, size in header.extended:
            yield from room(self._hit, at, size, Room("arj", "extra"))
