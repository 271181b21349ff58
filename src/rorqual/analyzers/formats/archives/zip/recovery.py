"""What is left of an archive whose end record is missing: its local headers in a row.

At the start of a source members may leave their sizes to descriptors; elsewhere the headers must tell them.
"""

from collections.abc import Iterator

from rorqual.analyzers.formats.archives.notes import Notes
from rorqual.analyzers.formats.archives.zip.bodies import ZipFragment, ZipMember, ZipMembers
from rorqual.analyzers.formats.archives.zip.contents import Contents
from rorqual.analyzers.formats.archives.zip.ends import LOCATOR_SIZE, plausible, read_ends
from rorqual.analyzers.formats.archives.zip.members import Member, encryption
from rorqual.analyzers.formats.archives.zip.records import (
    CENTRAL,
    DEFERRED,
    DESCRIPTOR,
    END,
    END64,
    END_SIZE,
    EXTRA_RECORD,
    FULL32,
    LOCAL,
    LOCAL_SIZE,
    METHODS,
    entries,
    local,
)
from rorqual.analyzers.formats.archives.zip.walk import Walk
from rorqual.analyzers.formats.pe.rows import ROWS
from rorqual.sdk import Anchor, Extent, Hit, Kind, Malformed, Said, View

TAIL = 66_000  # bytes at the end in which an end record stands
AHEAD = 1 << 20  # bytes behind a header in which an end record is looked for
BACK, STALE = 16 << 20, 1 << 20  # bytes looked back for the first header, in all and without finding one
STEP = 64 << 10
FIRST = 64  # entries of a directory
TAILS = (0, 12, 16, 20, 24)  # bytes of a data descriptor

ENDS = Kind("end")


class ZipFragments:
    """Finds the beginnings of archives: at the start of a source, and where a local header leads to nothing."""

    name = "zip-fragment"
    version = 1
    wakes_on = (Anchor(rb"PK\x03\x04[\x00-\x3f][\x00-\x0f][\x00-\xff]{2}[\x00-\x63]\x00"), ENDS)

    def score(self, view: View, /) -> int:
        """The member must lead to no other, and its end be told by the header."""
        head = view.read(0, LOCAL_SIZE)
        size = _size(head, 0)
        if not view.offset or size is None:
            return 0
        after = view.read(size, 8)
        if after[:4] in (LOCAL, CENTRAL, DESCRIPTOR, EXTRA_RECORD):
            return 0
        # An Android signing block begins with its size.
        return 0 if view.read(size + 8 + int.from_bytes(after, "little"), 4) == CENTRAL else 1

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view.sub(-hit.offset)
        if hit.trigger == ENDS:
            if view.read(0, 4) == LOCAL and not _has_end(view, hit.offset):
                yield from _recovered(hit, view, 0, hit.offset)
            return
        size = _size(hit.view.exact(0, LOCAL_SIZE), 0)
        if size is None:
            raise Malformed(hit.offset, "a member that says where it ends")
        there = hit.view.within(0, size)
        if there == size and _covered(view, hit.offset):
            return
        start = _first(view, hit.offset)
        if start:  # what begins with the source is told of at its end
            yield from _recovered(hit, view, start, hit.offset + there if there < size else 1 << 62)


def _recovered(hit: Hit, view: View, start: int, end: int) -> Iterator[Said]:
    """Members from `start` on, in a source of which `end` is the end."""
    walk = Walk(view, end, start)
    members = list(walk.members())
    if walk.whole or not members or not (len(members) > 1 or walk.proven):
        return
    offset, size = start - hit.offset, walk.at - start
    for first in range(0, len(members), ROWS):
        part = members[first : first + ROWS]
        rows = tuple(_row(member) for member in part)
        span = part[-1].end - part[0].start
        yield hit.finding(part[0].start - hit.offset, min(span, end - part[0].start), ZipMembers(first, rows))
    contents = Contents(hit, view, Notes(hit, "zip"), hit.passwords)
    for member in members:
        if member.packed:
            yield from contents.child(member)
    proof = walk.proof or "local headers in a row"
    yield hit.finding(offset, size, ZipFragment(len(members), walk.why, proof))
    if walk.proof:
        yield Extent(offset, size, "zip", f"no end record; {walk.proof}", "start")


def _size(data: bytes, at: int) -> int | None:
    """Bytes of header and data of the member at `at`; None where the header does not say."""
    if len(data) < at + LOCAL_SIZE or data[at : at + 4] != LOCAL:
        return None
    fields = local(data[at : at + LOCAL_SIZE])
    if fields.needed & 0xFF > 99 or not fields.name or fields.method not in METHODS:
        return None
    if fields.packed == FULL32 or (fields.flags & DEFERRED and not fields.packed):
        return None
    return LOCAL_SIZE + fields.name + fields.extra + fields.packed


def _covered(view: View, at: int) -> bool:
    """Whether an archive that ends not far behind has its members begin before `at`."""
    kept, place = b"", at
    while place < at + AHEAD:
        data = kept + view.read(place + len(kept), STEP)
        found = data.find(END)
        while found >= 0:
            where = place + found
            if plausible(view, where):
                return _covers(view, where, at)
            found = data.find(END, found + 1)
        if len(data) <= len(kept):
            return False
        place, kept = place + len(data) - 3, data[-3:]
    return False


def _covers(view: View, end: int, at: int) -> bool:
    """Whether one of the first entries of the archive whose end record is at `end` begins at `at` or before it."""
    try:
        ends = read_ends(view, end)
    except Malformed:
        return False
    return any(ends.base + entry.local <= at for entry in entries(view, ends.directory, FIRST))


def _first(view: View, at: int) -> int:
    """The first of the local headers that lead to the one at `at`."""
    first = end = at
    while end > 0 and at - end < BACK and first - end < STALE:
        start = max(0, end - STEP)
        data = view.read(start, end - start + LOCAL_SIZE)
        place = len(data)
        while (place := data.rfind(LOCAL, 0, place)) >= 0:
            view.step()
            size = _size(data, place)
            if size is not None and first - start - place - size in TAILS:
                first = start + place
            place += len(LOCAL) - 1
        end = start
    return first


def end_of(view: View) -> int | None:
    """Where the archive ends that begins with the view; None where its members do not lead there."""
    walk = Walk(view, 1 << 62)
    for _ in walk.members():
        pass
    if not walk.whole:
        return None
    at = walk.record
    if view.read(at, 4) == END64:
        at += 12 + int.from_bytes(view.read(at + 4, 8), "little") + LOCATOR_SIZE
    tail = view.read(at, END_SIZE)
    if len(tail) < END_SIZE or tail[:4] != END:
        return None
    return at + END_SIZE + view.within(at + END_SIZE, int.from_bytes(tail[20:22], "little"))


def _has_end(view: View, end: int) -> bool:
    """Whether an end record at the end leads to a directory."""
    start = max(0, end - TAIL)
    tail = view.read(start, end - start)
    place = len(tail)
    for _ in range(16):
        place = tail.rfind(END, 0, place)
        if place < 0:
            return False
        if plausible(view, start + place) and _covers(view, start + place, 0):
            return True
    return False


def _row(member: Member) -> ZipMember:
    how = encryption(member.flags, member.aes)
    size = max(0, member.size)
    method = member.method if member.aes is None else member.aes.method
    return ZipMember(
        member.start,
        member.name,
        METHODS.get(method) or f"method {method}",
        member.packed,
        size,
        member.crc,
        None,
        how,
        None,
        None,
    )
