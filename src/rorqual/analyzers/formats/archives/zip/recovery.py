"""What is left of an archive at the start of a source whose end record is missing: its local headers in a row."""

from collections.abc import Iterator

from rorqual.analyzers.formats.archives.notes import Notes
from rorqual.analyzers.formats.archives.zip.bodies import ZipFragment, ZipMember, ZipMembers
from rorqual.analyzers.formats.archives.zip.contents import Contents
from rorqual.analyzers.formats.archives.zip.ends import LOCATOR_SIZE, plausible
from rorqual.analyzers.formats.archives.zip.members import Member, encryption
from rorqual.analyzers.formats.archives.zip.records import (
    END,
    END64,
    END_SIZE,
    LOCAL,
    METHODS,
)
from rorqual.analyzers.formats.archives.zip.walk import Walk
from rorqual.analyzers.formats.pe.rows import ROWS
from rorqual.sdk import Extent, Hit, Said, View

TAIL = 66_000  # bytes at the end in which an end record stands


def recovered(hit: Hit, view: View) -> Iterator[Said]:
    """Members from the source's start on, where nothing at its end tells of them."""
    end = hit.offset
    if view.read(0, 4) != LOCAL or _has_end(view, end):
        return
    walk = Walk(view, end)
    members = list(walk.members())
    if walk.whole or not members or not (len(members) > 1 or walk.proven):
        return
    size = walk.at
    for first in range(0, len(members), ROWS):
        part = members[first : first + ROWS]
        rows = tuple(_row(member) for member in part)
        span = part[-1].end - part[0].start
        yield hit.finding(part[0].start - end, min(span, end - part[0].start), ZipMembers(first, rows))
    contents = Contents(hit, view, Notes(hit, "zip"), hit.passwords)
    for member in members:
        if member.packed:
            yield from contents.child(member)
    proof = walk.proof or "local headers in a row"
    yield hit.finding(-end, size, ZipFragment(len(members), walk.why, proof))
    if walk.proof:
        yield Extent(-end, size, "zip", f"no end record; {walk.proof}", "start")


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
        if plausible(view, start + place):
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
