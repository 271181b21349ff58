"""cpio archives, found by the magic of any of their headers; the first tells of all."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from rorqual.analyzers.formats.archives.chains import MOST, NEAR, follows
from rorqual.analyzers.formats.archives.cpio.bodies import CpioArchive, CpioMember, CpioMembers
from rorqual.analyzers.formats.archives.cpio.headers import (
    CRC,
    LONGEST,
    TRAILER,
    TYPES,
    VARIANTS,
    Header,
    header,
    member_size,
)
from rorqual.analyzers.formats.archives.notes import Notes, climbs
from rorqual.analyzers.formats.archives.zip.records import text
from rorqual.analyzers.formats.pe.rows import Rows
from rorqual.sdk import Anchor, Codec, Extent, Hit, Malformed, Refused, Region, Said, View

BLOCK = 512  # what writers pad to
MEMBERS = 100_000
CHILDREN = 8192
NAME_SHOWN = 512
LINK, FILE = 0o12, 0o10
TARGET = 256  # bytes of a link's target
CHECKED = 1 << 20  # bytes whose sum is computed
STEPS = 8  # for a member


class Cpio:
    """Finds cpio archives anywhere."""

    name = "cpio"
    version = 1
    wakes_on = (
        Anchor(rb"\xc7\x71[\x00-\xff]{18}[\x01-\xff][\x00-\x03][\x00-\xff][\x00-\x7f]"),
        Anchor(rb"\x71\xc7[\x00-\xff]{18}[\x00-\x03][\x01-\xff][\x00-\x7f][\x00-\xff]"),
        Anchor(rb"070707[0-7]{58}"),
        Anchor(rb"07070[12][0-9a-fA-F]{32}"),
    )

    def score(self, view: View, /) -> int:
        """The fields must make sense, a zero end the name, and no small member lead to the header."""
        raw = view.read(0, LONGEST)
        found = header(raw)
        if found is None or view.read(found.fixed + found.name_size - 1, 1) != b"\0":
            return 0
        if follows(view, found.magic, 0, LONGEST, member_size, most=NEAR, unpadded=found.align - 1):
            return 0
        return 1 if view.offset else 2

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        first = header(view.read(0, LONGEST))
        if first is None:
            raise Malformed(hit.offset, "a header")
        if hit.offset and follows(view, first.magic, 0, LONGEST, member_size, unpadded=first.align - 1):
            return
        if hit.offset > MOST and view.sub(-hit.offset).read(0, len(first.magic)) == first.magic:
            return  # behind a member larger than is looked back for
        yield from _Archive(hit, view, first.magic).told()


@dataclass
class _Archive:
    """One archive while it is walked."""

    hit: Hit
    view: View
    magic: bytes
    at: int = 0
    members: int = 0
    files: int = 0
    children: int = 0
    size: int = 0
    oldest: int | None = None
    newest: int | None = None
    ends: str = ""
    trailed: bool = False
    checked: int = 0
    rows: Rows[CpioMember] = field(default_factory=Rows)

    def __post_init__(self) -> None:
        self.notes = Notes(self.hit, "cpio")

    def told(self) -> Iterator[Said]:
        hit = self.hit
        second = self._second()
        said: list[Said] = []
        while not self.ends:
            if second:
                yield from self._member()
            else:
                said += self._member()  # one header alone proves nothing
        if not (second or self.trailed) or not (self.members or (self.trailed and not hit.offset)):
            raise Malformed(hit.offset, "another header behind the first member")
        yield from said
        for told in self.rows.rest():
            yield hit.finding(told[0], told[1], CpioMembers(told[2], told[3]))
        if self.trailed:
            self.at += self._padding()
        record = CpioArchive(
            VARIANTS[self.magic], self.members, self.files, self.size, self.oldest, self.newest, self.ends
        )
        yield hit.finding(0, self.at, record)
        if self.trailed:
            yield Extent(0, self.at, "cpio", f"{self.members} headers in a row, and a trailer", "start")

    def _second(self) -> bool:
        """Whether the first member leads to another header."""
        first = header(self.view.read(0, LONGEST))
        return first is not None and header(self.view.read(self._behind(0, first), LONGEST)) is not None

    def _behind(self, at: int, found: Header) -> int:
        """Where the next header is: behind the padding, or where there is none and a header stands at once."""
        padded, plain = at + found.whole, at + found.data + found.size
        if padded != plain and header(self.view.read(padded, LONGEST)) is None:
            return plain if header(self.view.read(plain, LONGEST)) is not None else padded
        return padded

    def _padding(self) -> int:
        """Bytes of zeros to the end of a block, if they reach it or the end of the source."""
        wanted = -self.at % BLOCK
        data = self.view.read(self.at, wanted)
        return 0 if data.strip(b"\0") else len(data)

    def _member(self) -> Iterator[Said]:
        view, at = self.view, self.at
        raw = view.read(at, LONGEST + 64)
        found = header(raw)
        if found is None or found.magic[:5] != self.magic[:5]:
            self.ends = "then no header" if raw else "without a trailer"
            return
        view.step(STEPS)
        name = raw[found.fixed : found.fixed + found.name_size]
        if len(name) < found.name_size:
            name = view.read(at + found.fixed, found.name_size)
        if len(name) < found.name_size:
            self.ends = "cut in a name"
            return
        plain, _, behind = name.partition(b"\0")
        if plain == TRAILER:
            self.trailed, self.ends = True, "a trailer"
            self.at = at + found.data
            if found.size and view.within(self.at, found.size) == found.size:
                content = view.read(self.at, min(found.size, 4096))
                yield from self.notes.room(self.hit.offset + self.at, content, "unused", found.size)
                self.at = at + found.whole
            return
        if self.members >= MEMBERS:
            yield Refused(at, found.whole, "members", MEMBERS)
            self.ends = f"{MEMBERS} members, and more"
            return
        there = view.within(at + found.data, found.size) if found.size else 0
        self.members += 1
        self.size += found.size
        if found.modified:
            self.oldest = found.modified if self.oldest is None else min(self.oldest, found.modified)
            self.newest = found.modified if self.newest is None else max(self.newest, found.modified)
        yield from self._oddities(found, at, plain, behind, there)
        yield from self._content(found, at, plain, there)
        self.at = self._behind(at, found)
        if self.at < at + found.whole:
            yield from self.notes.anomaly(self.hit.offset + self.at, 0, "padding_missing", text(plain, 0, NAME_SHOWN))
        if there < found.size:
            self.ends, self.at = "cut in the data of its last member", at + found.data + there

    def _oddities(self, found: Header, at: int, plain: bytes, behind: bytes, there: int) -> Iterator[Said]:
        where, notes = self.hit.offset + at, self.notes
        shown = text(plain, 0, NAME_SHOWN)
        if climbs(plain):
            yield from notes.anomaly(where, found.data, "path_traversal", shown)
        if found.name_size == len(plain):
            yield from notes.anomaly(where, found.data, "name_without_end", shown)
        yield from notes.room(where + found.fixed + found.name_size - len(behind), behind, "padding")
        if there and plain.strip(b"/") in (b"", b".", b".."):
            content = self.view.read(at + found.data, min(there, 4096))
            yield from notes.room(where + found.data, content, "nameless", there)
        if found.magic == CRC and there == found.size and self.checked + found.size <= CHECKED:
            self.checked += found.size
            total = sum(self.view.read(at + found.data, found.size)) & 0xFFFFFFFF
            if total != found.check:
                proof = f"{shown}: {total:#x}, {found.check:#x} stored"
                yield from notes.anomaly(where + found.data, found.size, "sum_wrong", proof)

    def _content(self, found: Header, at: int, plain: bytes, there: int) -> Iterator[Said]:
        """The row, and the member as a child."""
        kind, shown, link = found.mode >> 12, text(plain, 0, NAME_SHOWN), None
        if kind == LINK:
            link = text(self.view.read(at + found.data, min(there, TARGET)), 0, TARGET)
        elif kind in (FILE, 0):
            self.files += 1
        row = CpioMember(
            self.hit.offset + at,
            shown,
            TYPES.get(kind, "no type"),
            found.size,
            found.mode,
            found.uid,
            found.gid,
            found.modified,
            link,
        )
        for told in self.rows.add(at, found.data + there, (row,)):
            yield self.hit.finding(told[0], told[1], CpioMembers(told[2], told[3]))
        if there and kind != LINK:
            self.children += 1
            if self.children <= CHILDREN:
                yield Region(at + found.data, there, "cpio-member", Codec("cpio", None), name=shown)
            elif self.children == CHILDREN + 1:
                yield Refused(at + found.data, there, "members", CHILDREN)
