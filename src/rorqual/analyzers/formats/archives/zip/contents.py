"""Members as children, and what lies between them: overlaps, gaps, members that the directory does not list."""

import zlib
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from rorqual.analyzers.formats.archives.notes import Notes
from rorqual.analyzers.formats.archives.zip.bodies import NAME_SHOWN
from rorqual.analyzers.formats.archives.zip.ciphers import BYTE_COST, HEADER, fits
from rorqual.analyzers.formats.archives.zip.codecs import (
    DECODERS,
    DICTIONARY,
    OWN,
    SLOW,
    codec,
    decode,
    lzma_filter,
    method_of,
)
from rorqual.analyzers.formats.archives.zip.members import UNTOLD, Member, aes_field, descriptor, encryption
from rorqual.analyzers.formats.archives.zip.records import (
    DEFERRED,
    ENCRYPTED,
    LOCAL,
    LOCAL_SIZE,
    METHODS,
    STRONG,
    local,
    text,
)
from rorqual.sdk import Closed, Hit, Malformed, Refused, Region, Said, View

CHILDREN = 8192  # members that become children
OVERLAPPING = 2  # times the archive's size are members together that are decoded
TRIALS = 64  # members that all passwords are tried on; behind these only the one that opened the last
CHECKED = 1 << 20  # bytes of stored members whose CRC-32 is computed, and of encrypted ones that are tried
TRIED = 4096  # bytes of one such that are decoded to see whether the password is right
BETWEEN = 64 << 10  # bytes of a gap looked at
FOUND = 64  # members found in gaps


@dataclass
class Contents:
    """The members of one archive, in the directory's order until they are sorted."""

    hit: Hit
    view: View  # of the whole source
    notes: Notes
    passwords: Sequence[str]
    starts: "array[int]" = field(default_factory=lambda: array("Q"))
    ends: "array[int]" = field(default_factory=lambda: array("Q"))
    members: list[Member] = field(default_factory=list)
    beyond: list[int] = field(default_factory=list)  # offset of the first and end of the last that is too many
    _opened: str | None = None
    _trials: int = 0
    _checked: int = 0
    _last: dict[str, int] = field(default_factory=dict)  # by codec: where the last region ended

    def add(self, member: Member, *, content: bool) -> None:
        """Takes a member; one without `content` is a folder or empty."""
        self.starts.append(member.start)
        self.ends.append(member.end)
        if not content:
            return
        if len(self.members) < CHILDREN:
            self.members.append(member)
        elif self.beyond:
            self.beyond = [min(self.beyond[0], member.data), max(self.beyond[1], member.data + member.packed)]
        else:
            self.beyond = [member.data, member.data + member.packed]

    def between(self, start: int, end: int) -> Iterator[Said]:
        """What lies between the members from the archive's `start` to the directory at `end`."""
        order: Sequence[int] = range(len(self.starts))
        if any(one > other for one, other in zip(self.starts, self.starts[1:], strict=False)):
            order = sorted(order, key=self.starts.__getitem__)
        at, previous = start, -1
        for index in order:
            first, last = self.starts[index], self.ends[index]
            if first > at:
                yield from self.gap(at, min(first, end))
            elif first < at and previous >= 0:
                proof = f"a member at {first:#x} begins before that at {self.starts[previous]:#x} ends ({at:#x})"
                name = "members_overlap" if first != self.starts[previous] else "member_listed_twice"
                yield from self.notes.anomaly(first, min(at, last) - first, name, proof)
            if last > at:
                at, previous = last, index
        if at < end:
            yield from self.gap(at, end)
        elif at > end and previous >= 0:
            proof = f"a member that ends at {at:#x}, the directory at {end:#x}"
            yield from self.notes.anomaly(end, at - end, "members_overlap", proof)

    def gap(self, start: int, end: int) -> Iterator[Said]:
        """Bytes that belong to no member: room, unless local headers in them tell of more members."""
        content = self.view.read(start, min(end - start, BETWEEN))
        at = 0
        place = content.find(LOCAL)
        for _ in range(FOUND):
            if place < 0:
                break
            member = unlisted(self.view, start + place, end)
            if member is None:
                place = content.find(LOCAL, place + 1)
                continue
            yield from self.notes.room(start + at, content[at:place], "slack")
            yield from self.notes.anomaly(member.start, member.end - member.start, "member_not_listed", member.name)
            if member.packed:
                yield from self.child(member)
            at = min(member.end - start, len(content))
            place = content.find(LOCAL, at)
        yield from self.notes.room(start + at, content[at:], "slack", end - start - at)

    def children(self, size: int) -> Iterator[Said]:
        """The members of an archive of `size` bytes, each byte not much oftener than once."""
        left = OVERLAPPING * size
        told: set[tuple[int, int]] = set()
        for member in sorted(self.members, key=lambda member: (member.data, member.packed)):
            key = (member.data, method_of(member))
            if key in told:
                continue  # the same bytes, listed twice
            told.add(key)
            left -= member.packed
            if left < 0:
                yield Refused(member.data - self.hit.offset, member.packed, "overlap", OVERLAPPING)
                continue
            yield from self.child(member)
        if self.beyond:
            start, end = self.beyond
            yield Refused(start - self.hit.offset, end - start, "members", CHILDREN)

    def child(self, member: Member) -> Iterator[Said]:
        """The member's content, or why it is not to be had."""
        at, packed = member.data - self.hit.offset, member.packed
        method, how, password = method_of(member), encryption(member.flags, member.aes), None
        if how is not None:
            password = self._password(member) if how != "strong" else None
            if password is None and not (how == "zipcrypto" and self._plain(member)):
                yield Closed(at, packed, f"encrypted {how}")
                return
            if password is None:
                proof = f"{member.name}: the flag is set, the data decode without a password"
                yield from self.notes.anomaly(member.start + 6, 2, "encryption_pretended", proof)
        if method in METHODS and method not in DECODERS:
            yield Refused(at, packed, f"method {METHODS[method]}", 0)
            return
        if method not in METHODS:
            yield from self.notes.anomaly(member.start + 8, 2, "unknown_method", f"{member.name}: method {method}")
        if (method in OWN and member.size > SLOW) or (how == "zipcrypto" and password is not None and packed > SLOW):
            yield Refused(at, packed, "slow", SLOW)
            return
        if method == 14 and password is None:
            chosen = lzma_filter(self.view.read(member.data, 9))
            if chosen is not None and chosen["dict_size"] > DICTIONARY:
                yield Refused(at, packed, "dictionary", DICTIONARY)
                return
        if method == 0 and password is None:
            yield from self._stored(member)
        through = codec(member, password=password, twin=False)
        if through.decode is not None and self._last.get(through.name) == member.data:
            through = codec(member, password=password, twin=True)
        self._last[through.name] = member.data + packed
        yield Region(at, packed, "zip-member", through, name=member.name)

    def _stored(self, member: Member) -> Iterator[Said]:
        """Holds stored bytes against size and CRC-32: no decoder will."""
        if member.size == UNTOLD:
            return
        if member.packed != member.size:
            proof = f"{member.name}: {member.packed} bytes stored, {member.size} said to be"
            yield from self.notes.anomaly(member.data, member.packed, "stored_sizes_differ", proof)
        elif self._checked + member.packed <= CHECKED:
            self._checked += member.packed
            crc = zlib.crc32(data := self.view.read(member.data, member.packed))
            if len(data) == member.packed and crc != member.crc:
                proof = f"{member.name}: {crc:#010x}, {member.crc:#010x} stored"
                yield from self.notes.anomaly(member.data, member.packed, "crc_wrong", proof)

    def _password(self, member: Member) -> str | None:
        """One that opens the member: the last that opened one, else any."""
        self._trials += 1
        passwords = [] if self._opened is None else [self._opened]
        if self._trials <= TRIALS:
            passwords += [password for password in self.passwords if password != self._opened]
        while (password := fits(self.view, member, passwords)) is not None:
            if member.aes is not None or self._opens(member, password):
                self._opened = password
                return password
            passwords = passwords[passwords.index(password) + 1 :]
        return None

    def _opens(self, member: Member, password: str) -> bool:
        """Whether what the password makes of the member decodes: all of it where it is small, else its beginning."""
        if self._checked > CHECKED:
            return True
        whole = member.packed <= TRIED
        tried = min(member.packed, TRIED)
        self._checked += tried
        self.view.step(BYTE_COST * tried)
        return _decodes(self.view, member, password, whole=whole)

    def _plain(self, member: Member) -> bool:
        """Whether the member decodes as if it were not encrypted."""
        if member.packed > CHECKED - self._checked:
            return False
        self._checked += member.packed
        return _decodes(self.view, member, None, whole=True)


def _decodes(view: View, member: Member, password: str | None, *, whole: bool) -> bool:
    """Whether a member, or its first piece, decodes as the directory says."""
    if member.packed < HEADER and password is not None:
        return False
    here = view.sub(member.data, member.packed if whole else TRIED)
    made = 0
    try:
        for piece in decode(here, member=member, password=password):
            made += len(piece)
            view.step(1 + len(piece) // 16)
            if made > 2 * CHECKED:
                break
    except Malformed:
        return not whole and (made > 0 or method_of(member) not in (0, 8))
    return True


def unlisted(view: View, start: int, limit: int) -> Member | None:
    """The member at a local header that no directory need confirm; None where it does not end before `limit`."""
    head = view.read(start, LOCAL_SIZE)
    if len(head) < LOCAL_SIZE or head[:4] != LOCAL:
        return None
    fields = local(head)
    data = start + LOCAL_SIZE + fields.name + fields.extra
    raw = view.read(start + LOCAL_SIZE, fields.name + fields.extra)
    name, aes = raw[: fields.name], aes_field(raw[fields.name :])
    end = data + fields.packed
    if fields.needed & 0xFF > 99 or len(raw) < fields.name + fields.extra or not name or end > limit:
        return None
    if fields.flags & DEFERRED:
        end += descriptor(view.read(end, 24), fields.crc, fields.packed, fields.size)[0]
    flags = fields.flags & (ENCRYPTED | STRONG | DEFERRED)
    shown = text(name, fields.flags, NAME_SHOWN)
    return Member(
        start, data, end, fields.packed, fields.size, fields.crc, fields.method, flags, fields.time, aes, shown
    )
