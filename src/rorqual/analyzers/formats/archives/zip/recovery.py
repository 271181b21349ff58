"""What is left of an archive at the start of a source whose end record is missing: its local headers in a row.

Where a header leaves the sizes to a descriptor the data are decoded to find their end.
"""

import zlib
from collections.abc import Iterator

from rorqual.analyzers.formats.archives.notes import Notes
from rorqual.analyzers.formats.archives.zip.bodies import ZipFragment, ZipMember, ZipMembers
from rorqual.analyzers.formats.archives.zip.contents import Contents, unlisted
from rorqual.analyzers.formats.archives.zip.ends import plausible
from rorqual.analyzers.formats.archives.zip.members import UNTOLD, Member, encryption
from rorqual.analyzers.formats.archives.zip.records import (
    CENTRAL,
    DEFERRED,
    DESCRIPTOR,
    END,
    END64,
    EXTRA_RECORD,
    LOCAL,
    METHODS,
)
from rorqual.analyzers.formats.pe.rows import ROWS
from rorqual.sdk import Extent, Hit, Said, View

MEMBERS = 8192
TAIL = 66_000  # bytes at the end in which an end record stands
READ = 64 << 10
SOUGHT = 32 << 20  # bytes decoded, or looked at, for the ends of members
ENOUGH = 64  # decoded bytes that prove a first member
STEP = 16  # decoded bytes that cost as much as one step


def recovered(hit: Hit, view: View) -> Iterator[Said]:
    """Members from the source's start on, where nothing at its end tells of them."""
    end = hit.offset
    if view.read(0, 4) != LOCAL or _has_end(view, end):
        return
    walk = _Walk(view, end)
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


class _Walk:
    """Goes from one local header to the next."""

    def __init__(self, view: View, end: int) -> None:
        self._view = view
        self._end = end
        self._left = SOUGHT
        self.at = 0
        self.why = ""
        self.proof = ""
        self.proven = False  # the first member's data begin to decode
        self.whole = False  # a directory and an end record follow: another examination tells of them

    def members(self) -> Iterator[Member]:
        """The members, the last perhaps cut."""
        for index in range(MEMBERS):
            head = self._view.read(self.at, 4)
            if head != LOCAL:
                self._stopped(head)
                return
            self._view.step()
            member = unlisted(self._view, self.at, 1 << 63)
            if member is None:
                self.why = f"in the header of member {index + 1}"
                return
            if not _known(member):
                self.why = f"at member {index + 1}, whose header makes no sense"
                return
            member = self._ended(member)
            if index == 0:
                self._prove(member)
            cut = member.end > self._end or member.packed > self._end - member.data
            if cut:
                packed = max(0, self._end - member.data)
                member = member._replace(packed=packed, end=self._end, size=UNTOLD)
                self.why = f"in the data of member {index + 1}"
            self.at = member.end
            yield member
            if cut:
                return
        self.why = f"after {MEMBERS} members, or later"

    def _stopped(self, head: bytes) -> None:
        """Says what stands where no local header does."""
        view, at = self._view, self.at
        if head == EXTRA_RECORD:
            at += 8 + int.from_bytes(view.read(at + 4, 4), "little")
            head = view.read(at, 4)
        if head not in (CENTRAL, END, END64):
            self.why = "behind a member" if head else "at the end of a member"
            return
        # The directory is as long as its entries; the end record behind it wakes an examination of its own.
        count = 0
        while head == CENTRAL and count < 8 * MEMBERS:
            fixed = view.read(at, 46)
            if len(fixed) < 46:
                break
            at += 46 + sum(int.from_bytes(fixed[place : place + 2], "little") for place in (28, 30, 32))
            head = view.read(at, 4)
            count += 1
        self.whole = head == END64 or (head == END and plausible(view, at))
        self.why = "in the central directory or behind it"
        if not self.whole:
            self.at = min(at, self._end)

    def _ended(self, member: Member) -> Member:
        """With the end of its data, where only the data tell."""
        if not member.flags & DEFERRED or member.packed or encryption(member.flags, member.aes):
            return member
        packed = self._inflated(member) if member.method == 8 else self._sought(member)
        if packed is None:
            return member._replace(packed=self._end - member.data, end=self._end + 1, size=UNTOLD)
        foot = self._view.read(member.data + packed, 24)
        signed = 4 if foot[:4] == DESCRIPTOR else 0
        crc = int.from_bytes(foot[signed : signed + 4], "little")
        wide = foot[signed + 12 : signed + 14] != b"PK" and foot[signed + 20 : signed + 22] == b"PK"
        end = member.data + packed + signed + (20 if wide else 12)
        size = int.from_bytes(foot[signed + (12 if wide else 8) :][: 8 if wide else 4], "little")
        return member._replace(packed=packed, end=end, size=size, crc=crc)

    def _inflated(self, member: Member) -> int | None:
        """Bytes of the DEFLATE stream; None where it does not end."""
        stream = zlib.decompressobj(-zlib.MAX_WBITS)
        at = member.data
        while not stream.eof and self._left > 0:
            data = self._view.read(at, READ)
            if not data:
                return None
            at += len(data)
            while data and not stream.eof:
                try:
                    made = len(stream.decompress(data, READ))
                except zlib.error:
                    return None
                data = stream.unconsumed_tail
                self._left -= made
                self._view.step(1 + made // STEP)
        return at - len(stream.unused_data) - member.data if stream.eof else None

    def _sought(self, member: Member) -> int | None:
        """Bytes up to a descriptor that says as much."""
        at, kept = member.data, b""
        while self._left > 0:
            data = kept + self._view.read(at + len(kept), READ)
            place = data.find(DESCRIPTOR)
            while place >= 0 and place + 16 <= len(data):
                size = at + place - member.data
                if int.from_bytes(data[place + 8 : place + 12], "little") == size & 0xFFFFFFFF:
                    return size
                place = data.find(DESCRIPTOR, place + 1)
            if len(data) < READ:
                return None
            self._left -= len(data)
            at, kept = at + len(data) - 15, data[-15:]
        return None

    def _prove(self, member: Member) -> None:
        """Decodes the first member, as far as it is there."""
        if member.method not in (0, 8) or encryption(member.flags, member.aes):
            return
        crc = made = 0
        whole = member.end <= self._end and member.size != UNTOLD and member.packed <= SOUGHT
        stream = zlib.decompressobj(-zlib.MAX_WBITS)
        at, left = member.data, min(member.packed, 1 << 20)
        whole = whole and left == member.packed
        while left > 0 and (data := self._view.read(at, min(READ, left))):
            at, left = at + len(data), left - len(data)
            while data:
                piece = data
                if member.method:
                    try:
                        piece = stream.decompress(data, READ)
                    except zlib.error:
                        return
                    data = stream.unconsumed_tail
                else:
                    data = b""
                crc, made = zlib.crc32(piece, crc), made + len(piece)
                self._view.step(1 + len(piece) // STEP)
                if made > SOUGHT:
                    return
        if whole and made == member.size and crc == member.crc:
            self.proof = "the first member's CRC-32 holds"
        self.proven = bool(self.proof) or (member.method == 8 and made >= ENOUGH)


def _known(member: Member) -> bool:
    return member.method in METHODS and r"\x0" not in member.name


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
