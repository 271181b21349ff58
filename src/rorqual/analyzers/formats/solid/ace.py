"""ACE archives: "**ACE**" in a main header, then a header for each member, each with half of an inverted CRC-32.

There is no specification but what was read out of the programs (https://github.com/droe/acefile describes it). An
archive has no end of its own: it ends where no header follows. Stored members are children. Not handled: the two
compression methods and the encryption.
"""

import struct
import zlib
from collections.abc import Iterator
from typing import ClassVar, NamedTuple

from rorqual.analyzers.formats.solid.members import LONGEST_NAME, Missed, Table, Traps, room
from rorqual.analyzers.formats.solid.times import dos_time
from rorqual.sdk import Anchor, Closed, Codec, Extent, Hit, Malformed, Region, Room, Said, View, frozen

MAGIC_AT = 7
MAIN, FILE, RECOVERY = 0, 1, 2
ADDED, COMMENT, PASSWORD = 0x1, 0x2, 0x4000
VOLUME, LOCKED, SOLID, SIGNED = 0x800, 0x4000, 0x8000, 0x1000
METHODS = {0: "stored", 1: "lz77", 2: "blocked"}
DIRECTORY = 0x10
_FILE = struct.Struct("<IIIIIBBHHH")
_MAIN = struct.Struct("<7sBBBBI8x")


class AceMember(NamedTuple):
    """A member as its header tells of it."""

    name: str
    size: int  # bytes unpacked
    packed: int
    method: str
    modified: str | None  # ISO 8601, local time
    crc32: int  # inverted, as stored
    encrypted: bool


@frozen
class AceMembers:
    """Rows of members, 256 to a finding, which spans their headers."""

    tag: ClassVar[str] = "ace_members"
    first: int
    rows: tuple[AceMember, ...]


@frozen
class AceArchive:
    """An archive or a volume of one; the finding has its size as far as its headers lead."""

    tag: ClassVar[str] = "ace_archive"
    version: int  # needed to unpack it, in tenths
    created: str | None
    volume: int | None
    solid: bool
    members: int
    encrypted: bool


class Block(NamedTuple):
    """A header whose CRC holds."""

    at: int
    type: int
    flags: int
    header: bytes  # from the CRC on
    data: int  # bytes behind it

    @property
    def data_at(self) -> int:
        return self.at + len(self.header)


class Ace:
    """Finds ACE archives anywhere: behind a self-extracting stub as well."""

    name = "ace"
    version = 1
    wakes_on = (Anchor(rb"\*\*ACE\*\*[\x0a-\x28]", MAGIC_AT),)

    def score(self, view: View, /) -> int:
        """A main header is of type 0 and of few bytes."""
        head = view.read(2, 3)
        return int(len(head) == 3 and head[2] == MAIN and int.from_bytes(head[:2], "little") >= 24)

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        main = read_block(hit.view, 0)
        if main is None or main.type != MAIN or len(main.header) < MAGIC_AT + _MAIN.size:
            raise Malformed(hit.offset, "a main header whose CRC holds")
        walk = _Walk(hit)
        yield from walk.blocks(main.data_at)
        _, version, _, _, volume, created = _MAIN.unpack_from(main.header, MAGIC_AT)
        number = volume if main.flags & VOLUME else None
        facts = AceArchive(version, dos_time(created), number, bool(main.flags & SOLID), walk.members, walk.encrypted)
        yield hit.finding(0, walk.end, facts)
        known = MAGIC_AT + _MAIN.size
        yield from room(hit, known, len(main.header) - known, Room("ace", "comment"))
        if walk.members and not walk.cut:
            yield Extent(0, walk.end, "ace", "the CRC of each header holds; none follows", "within 1048576")


def read_block(view: View, at: int) -> Block | None:
    """The header at `at`; None where there is none whose CRC holds."""
    data = view.read(at, 256)
    size = int.from_bytes(data[2:4], "little")
    if len(data) < MAGIC_AT or size < 3:
        return None
    header = data[: 4 + size] if len(data) >= 4 + size else view.read(at, 4 + size)
    if len(header) < 4 + size or ~zlib.crc32(header[4:]) & 0xFFFF != int.from_bytes(header[:2], "little"):
        return None
    flags = int.from_bytes(header[5:7], "little")
    added = int.from_bytes(header[7:11], "little") if flags & ADDED and header[4] != MAIN else 0
    return Block(at, header[4], flags, header, added)


class _Walk:
    """One walk from header to header, and what it has met."""

    def __init__(self, hit: Hit) -> None:
        self._hit, self._view = hit, hit.view
        self._table: Table[AceMember] = Table()
        self._missed, self._traps = Missed(), Traps(hit)
        self.members = self.end = 0
        self.encrypted = self.cut = False

    def blocks(self, at: int) -> Iterator[Said]:
        self.end = at
        while True:
            self._view.step()
            block = read_block(self._view, self.end)
            if block is None or block.type == MAIN:
                break
            present = self._view.within(block.data_at, block.data)
            if block.type == FILE:
                yield from self._member(block, present)
            else:
                yield from room(self._hit, block.data_at, present, Room("ace", "private"))
            if present < block.data:
                self.cut = True
                break
            self.end = block.data_at + block.data
        for part in self._table.rest():
            yield self._hit.finding(*part[:2], AceMembers(*part[2:]))
        yield from self._missed.rest()

    def _member(self, block: Block, present: int) -> Iterator[Said]:
        if len(block.header) < MAGIC_AT + _FILE.size:
            return
        packed, size, modified, attributes, crc, method, *_, length = _FILE.unpack_from(block.header, MAGIC_AT)
        start = MAGIC_AT + _FILE.size
        name = block.header[start : start + length].decode("cp437")[:LONGEST_NAME]
        self.members += 1
        secret = bool(block.flags & PASSWORD)
        kind = "directory" if attributes & DIRECTORY else METHODS.get(method, f"method {method}")
        row = AceMember(name, size, packed, kind, dos_time(modified), crc, secret)
        for part in self._table.add(block.at, len(block.header), row):
            yield self._hit.finding(*part[:2], AceMembers(*part[2:]))
        yield from self._traps.name(block.at, len(block.header), name)
        known = start + length
        yield from room(self._hit, block.at + known, len(block.header) - known, Room("ace", "comment"))
        if not present:
            return
        if secret:
            self.encrypted = True
            yield from self._missed.rest()
            yield Closed(block.data_at, present, "encrypted ACE member")
        elif method == 0:
            yield from self._missed.rest()
            yield Region(block.data_at, present, "ace-member", Codec("ace-stored", None), name=name)
        else:
            self._missed.add(block.data_at, present)
