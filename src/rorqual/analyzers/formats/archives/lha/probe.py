"""LHA archives, found by the method in any of their headers; the first tells of all."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial

from rorqual.analyzers.formats.archives.chains import MOST, NEAR, follows
from rorqual.analyzers.formats.archives.lha.bodies import LhaArchive, LhaMember, LhaMembers
from rorqual.analyzers.formats.archives.lha.headers import FIXED, Header, crc16, header, header_size, member_size
from rorqual.analyzers.formats.archives.lha.huffman import WINDOWS, unhuffed
from rorqual.analyzers.formats.archives.notes import Notes, climbs
from rorqual.analyzers.formats.archives.zip.records import moment, text
from rorqual.analyzers.formats.pe.rows import Rows
from rorqual.sdk import Anchor, Codec, Extent, Hit, Malformed, Refused, Region, Said, View

MEMBERS = 50_000
CHILDREN = 8192
NAME_SHOWN = 512
STORED = (b"-lh0-", b"-lz4-", b"-pm0-")
SLOW = 16 << 20  # bytes of what is decoded by a loop of our own
PROVEN = 64 << 10  # bytes of a first member decoded as proof
READ = 64 << 10
HEAD = 1024  # bytes of a header read by the prefilter
STEPS = 16  # for a member


class Lha:
    """Finds LHA archives anywhere."""

    name = "lha"
    version = 1
    wakes_on = (Anchor(rb"-(?:lh[0-7d]|lz[45s]|pm[0-2])-", back=2),)

    def score(self, view: View, /) -> int:
        """The header's sum must hold, and no small member lead to it."""
        found = header(view.read(0, HEAD))
        if found is None or follows(view, b"-l", 2, FIXED, member_size, most=NEAR):
            return 0
        return 1

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        if _header(view, 0) is None:
            raise Malformed(hit.offset, "a header")
        if hit.offset and follows(view, b"-l", 2, HEAD, member_size):
            return
        if hit.offset > MOST and _header(view.sub(-hit.offset), 0) is not None:
            return  # behind a member larger than is looked back for
        yield from _Archive(hit, view).told()


def _header(view: View, at: int) -> Header | None:
    head = view.read(at, FIXED)
    return header(view.read(at, header_size(head))) if len(head) > 21 else None


@dataclass
class _Archive:
    """One archive while it is walked."""

    hit: Hit
    view: View
    at: int = 0
    members: int = 0
    children: int = 0
    packed: int = 0
    size: int = 0
    methods: set[str] = field(default_factory=set)
    ends: str = ""
    whole: bool = True
    rows: Rows[LhaMember] = field(default_factory=Rows)

    def __post_init__(self) -> None:
        self.notes = Notes(self.hit, "lha")
        self.first = _header(self.view, 0)

    def told(self) -> Iterator[Said]:
        hit, first = self.hit, self.first
        assert first is not None  # the probe saw to it
        proof = first.proof if self._second(first) else self._decoded(first)
        if proof is None:
            raise Malformed(hit.offset, "a member that leads to another, or decodes")
        while not self.ends:
            yield from self._member()
        for told in self.rows.rest():
            yield hit.finding(told[0], told[1], LhaMembers(told[2], told[3]))
        methods = tuple(sorted(self.methods))
        record = LhaArchive(first.level, first.system, self.members, self.packed, self.size, methods, self.ends)
        yield hit.finding(0, self.at, record)
        if self.whole:
            yield Extent(0, self.at, "lha", f"{proof}, {self.members} members in a row", "start")

    def _second(self, first: Header) -> bool:
        """Whether the first member leads to another, or to what ends an archive at the end of the source."""
        if _header(self.view, first.whole) is not None:
            return True
        return self.view.within(0, first.whole) == first.whole and self.view.read(first.whole, 2) in (b"", b"\0")

    def _decoded(self, first: Header) -> str | None:
        """A proof from the first member's data."""
        if first.crc is None or not first.size or max(first.size, first.packed) > PROVEN:
            return None
        if first.method not in STORED and first.method not in WINDOWS:
            return None
        self.view.step(2 * first.size)
        try:
            for _ in decode(self.view.sub(first.data), member=first):
                pass
        except Malformed:
            return None
        return "the first member's CRC-16 holds"

    def _member(self) -> Iterator[Said]:
        view, at = self.view, self.at
        found = _header(view, at)
        if found is None:
            last = view.read(at, 1)
            self.ends = {b"": "without a zero", b"\0": "a zero ends it"}.get(last, "then no header")
            self.at += last == b"\0"
            return
        view.step(STEPS)
        if self.members >= MEMBERS:
            yield Refused(at, found.whole, "members", MEMBERS)
            self.ends, self.whole = f"{MEMBERS} members, and more", False
            return
        there = view.within(at + found.data, found.packed) if found.packed else 0
        method = text(found.method.strip(b"-"), 0, 8)
        self.members += 1
        self.packed += found.packed
        self.size += found.size
        self.methods.add(method)
        shown = text(found.name, 0, NAME_SHOWN)
        row = LhaMember(self.hit.offset + at, shown, method, found.packed, found.size, found.crc, _modified(found))
        for told in self.rows.add(at, found.data + there, (row,)):
            yield self.hit.finding(told[0], told[1], LhaMembers(told[2], told[3]))
        yield from self._rooms(found, at, shown)
        if there:
            yield from self._content(found, at, there, shown)
        self.at = at + found.data + there
        if there < found.packed:
            self.ends, self.whole = "cut in the data of its last member", False

    def _rooms(self, found: Header, at: int, shown: str) -> Iterator[Said]:
        where = self.hit.offset + at
        if climbs(found.name):
            yield from self.notes.anomaly(where, found.data, "path_traversal", shown)
        for span, use in ((found.comment, "comment"), *((one, "private") for one in found.private)):
            if span is not None:
                yield from self.notes.room(where + span[0], self.view.read(at + span[0], span[1] - span[0]), use)

    def _content(self, found: Header, at: int, there: int, shown: str) -> Iterator[Said]:
        data, method = at + found.data, found.method
        self.children += 1
        if self.children > CHILDREN:
            if self.children == CHILDREN + 1:
                yield Refused(data, there, "members", CHILDREN)
        elif method in STORED:
            yield Region(data, there, "lha-member", Codec("lha-stored", None), name=shown)
        elif method not in WINDOWS:
            yield Refused(data, there, "method", 0)
        elif found.size > SLOW:
            yield Refused(data, there, "slow", SLOW)
        elif found.size:
            name = f"lha-{method.strip(b'-').decode('ascii')}"
            yield Region(
                data, there, "lha-member", Codec(name, partial(decode, member=replace(found, packed=there))), name=shown
            )


def decode(view: View, *, member: Header) -> Iterator[bytes]:
    """The member's content; the view begins with its data.

    Raises:
        Malformed: the stream breaks, or it is not what its CRC-16 says.
    """
    end = view.offset + member.packed
    pieces = _raw(view, member.packed)
    if member.method in WINDOWS:
        pieces = unhuffed(pieces, end, size=member.size, method=member.method)
    crc = size = 0
    for piece in pieces:
        crc = crc16(piece, crc)
        size += len(piece)
        yield piece
    if size != member.size:
        raise Malformed(end, f"{member.size} bytes, found {size}")
    if member.crc is not None and crc != member.crc:
        raise Malformed(end, f"content with the CRC-16 {member.crc:#06x}, found {crc:#06x}")


def _raw(view: View, packed: int) -> Iterator[bytes]:
    at = 0
    while at < packed and (data := view.read(at, min(READ, packed - at))):
        at += len(data)
        yield data


def _modified(found: Header) -> str | None:
    if found.level < 2:
        return moment(found.time >> 16, found.time & 0xFFFF)
    if not found.time:
        return None
    return datetime.fromtimestamp(found.time, UTC).strftime("%Y-%m-%dT%H:%M:%S")
