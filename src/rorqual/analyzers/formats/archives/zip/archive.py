"""One archive, from its end record: the directory, the local headers, what lies between and behind."""

import zlib
from collections import Counter
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field

from rorqual.analyzers.formats.archives.notes import CONTRADICTING, Notes
from rorqual.analyzers.formats.archives.zip.bodies import COMMENT_SHOWN, NAME_SHOWN, ZipArchive, ZipMember, ZipMembers
from rorqual.analyzers.formats.archives.zip.contents import Contents
from rorqual.analyzers.formats.archives.zip.ends import Ends
from rorqual.analyzers.formats.archives.zip.flavours import Flavour
from rorqual.analyzers.formats.archives.zip.members import (
    LINK,
    Aes,
    Member,
    Near,
    aes_field,
    check,
    encryption,
    link_target,
    odd_names,
    row,
)
from rorqual.analyzers.formats.archives.zip.records import (
    ENCRYPTED,
    LOCAL,
    METHODS,
    SIGNATURE,
    SPANNED,
    SYSTEMS,
    UNIX,
    Entry,
    entries,
    moment,
    text,
)
from rorqual.analyzers.formats.pe.rows import Rows
from rorqual.sdk import Extent, Hit, Malformed, Refused, Said, View

ENTRIES = 100_000  # of a directory, told
FIRST = 64  # entries of which one at least leads to its local header
NAMES = 1 << 16  # names remembered, to notice one that stands twice
GRAIN_MOST, GRAIN_LEAST = 4096, 128  # bytes read at once around a local header
GRAINS = 32 << 20  # bytes read for all local headers together, about
SIGNING_MAGIC = b"APK Sig Block 42"
SIGNING_MOST = 64 << 20  # bytes
SCHEMES = {
    0x7109871A: "v2",
    0xF05368C0: "v3",
    0x1B93AD61: "v3.1",
    0x6DFF800D: "source stamp",
    0x2B09189E: "source stamp v1",
    0x2146444E: "Google Play metadata",
    0x504B4453: "dependencies",
    0x42726577: "padding",
}
PAIRS = 64  # of a signing block


@dataclass
class Archive:
    """One archive while it is read."""

    hit: Hit
    view: View
    ends: Ends
    count: int = 0
    files: int = 0
    packed: int = 0
    size: int = 0
    found: int = 0  # entries whose local header is there
    first: int | None = None  # the lowest offset of one
    methods: Counter[str] = field(default_factory=Counter)
    ciphers: Counter[str] = field(default_factory=Counter)
    oldest: int = 1 << 32
    newest: int = 0
    made: int = 0
    names: set[int] = field(default_factory=set)
    mimetype: tuple[int, int] | None = None  # where its content is
    schemes: tuple[str, ...] = ()  # of an Android signing block

    def __post_init__(self) -> None:
        self.notes = Notes(self.hit, "zip")
        self.contents = Contents(self.hit, self.view, self.notes, self.hit.passwords)
        self.flavour = Flavour()

    def told(self) -> Iterator[Said]:
        """All there is to say of it."""
        ends, hit = self.ends, self.hit
        if not self._leads_somewhere():
            raise Malformed(ends.directory, "a directory with an entry that leads to its local header")
        for offset, size, name, proof in ends.notes:
            yield from self.notes.anomaly(offset, size, name, proof)
        after = yield from self._directory()
        complete = self.count < ENTRIES
        yield from self._behind_directory(after, complete=complete)
        start = ends.directory if self.first is None else self.first
        if self.first is not None and self.view.read(start - 4, 4) in SPANNED:
            start -= 4
        if complete:
            yield from self._between(start)
        yield from self.notes.room(ends.at + 22, ends.comment, "comment")
        yield from self.contents.children(ends.end - start)
        yield hit.finding(start - hit.offset, ends.end - start, self._archive(start, complete=complete))
        agree = f"{self.found} of {self.count} entries lead to their local headers"
        proof = f"end record and central directory; {agree}" if self.count else "an empty archive"
        yield Extent(start - hit.offset, ends.end - start, "zip", proof, "end")

    def _leads_somewhere(self) -> bool:
        """Whether one of the first entries leads to a local header; there are none in an empty archive."""
        ends = self.ends
        if ends.directory == ends.at:
            return True
        return any(
            ends.base + entry.local >= 0 and self.view.read(ends.base + entry.local, 4) == LOCAL
            for entry in entries(self.view, ends.directory, FIRST)
        )

    def _directory(self) -> Generator[Said, None, int]:
        """The rows; returns where the directory's last entry ends."""
        ends, hit = self.ends, self.hit
        rows: Rows[ZipMember] = Rows()
        near = Near(self.view, max(GRAIN_LEAST, min(GRAIN_MOST, GRAINS // (1 + ends.declared))))
        at = ends.directory
        for entry in entries(self.view, at, ENTRIES):
            if entry.at >= ends.tail:
                break
            at = entry.end
            self.count += 1
            start = ends.base + entry.local
            aes = aes_field(entry.extra) if entry.method == 99 else None
            shown = text(entry.name, entry.flags, NAME_SHOWN)
            for told in rows.add(entry.at - hit.offset, at - entry.at, (row(start, entry, aes, shown),)):
                yield hit.finding(told[0], told[1], ZipMembers(told[2], told[3]))
            yield from self._entry(entry, near, start, aes, shown)
        for told in rows.rest():
            yield hit.finding(told[0], told[1], ZipMembers(told[2], told[3]))
        return at

    def _entry(self, entry: Entry, near: Near, start: int, aes: Aes | None, shown: str) -> Iterator[Said]:
        """Counts the entry and holds its local header against it."""
        name, packed = entry.name, entry.packed
        self.flavour.see(entry)
        folder = name.endswith(b"/") and not packed
        self.files += not folder
        self.packed += packed
        self.size += entry.size
        date = entry.date << 16 | entry.time
        if entry.date:
            self.oldest, self.newest = min(self.oldest, date), max(self.newest, date)
        if self.count == 1:
            self.made = entry.made
        if not folder:
            method = entry.method if aes is None else aes.method
            self.methods[METHODS.get(method) or f"method {method}"] += 1
        if entry.flags & ENCRYPTED:
            self.ciphers[encryption(entry.flags, aes) or ""] += 1
        if len(self.names) < NAMES:
            key = zlib.crc32(name) | len(name) << 32  # the same in every run
            if key in self.names:
                yield from self.notes.anomaly(entry.at, entry.end - entry.at, "duplicate_name", shown)
            self.names.add(key)
        yield from odd_names(entry, shown, self.notes)
        places = yield from check(entry, near, start, self.notes)
        if places is None:
            return
        data, end = places
        self.found += 1
        self.first = start if self.first is None else min(self.first, start)
        if self.count == 1 and name == b"mimetype" and not entry.method:
            self.mimetype = (data, packed)
        member = Member(
            start, data, end, packed, entry.size, entry.crc, entry.method, entry.flags, entry.time, aes, shown
        )
        self.contents.add(member, content=bool(packed))
        if not name and packed:  # nobody can take out what has no name
            ends = self.view.read(data, min(packed, 4096)) + self.view.read(data + packed - min(packed, 4096), 4096)
            yield from self.notes.room(data, ends, "nameless", packed)  # an image may well begin with zeros
        if entry.external >> 28 == LINK and entry.made >> 8 in UNIX:
            link, target = link_target(entry, self.view, data)
            yield from self.notes.anomaly(entry.at, entry.end - entry.at, "symlink_member", f"{link} -> {target}")

    def _behind_directory(self, after: int, *, complete: bool) -> Iterator[Said]:
        """What stands between the last entry and the end record."""
        ends = self.ends
        if not complete:
            yield Refused(after - self.hit.offset, max(1, ends.tail - after), "entries", ENTRIES)
            return
        limit = (1 << 64) if ends.zip64 is not None else (1 << 16)
        if self.count % limit != ends.declared % limit:
            proof = f"{ends.declared} declared, {self.count} there"
            yield from self.notes.anomaly(ends.at, 22, "entry_count_differs", proof)
        head = self.view.read(after, 6)
        if head[:4] == SIGNATURE and len(head) == 6:  # of the directory (4.3.13)
            after += 6 + int.from_bytes(head[4:6], "little")
        if after < ends.tail:
            yield from self.notes.room(
                after, self.view.read(after, min(ends.tail - after, 4096)), "slack", ends.tail - after
            )

    def _between(self, start: int) -> Iterator[Said]:
        """Gaps and overlaps, with an Android signing block told apart."""
        end = self.ends.directory
        foot = self.view.read(end - 24, 24)
        if foot[8:] == SIGNING_MAGIC:
            size = int.from_bytes(foot[:8], "little") + 8
            if 32 <= size <= min(SIGNING_MOST, end) and self.view.read(end - size, 8) == foot[:8]:
                end -= size
                self.schemes = tuple(self._signing(end + 8, self.ends.directory - 24))
                yield from self.notes.room(end, b"APK", "private", size)
        yield from self.contents.between(start, end)

    def _signing(self, at: int, end: int) -> Iterator[str]:
        """The schemes of the pairs in a signing block."""
        for _ in range(PAIRS):
            head = self.view.read(at, 12)
            if at + 12 > end or len(head) < 12:
                return
            number = int.from_bytes(head[8:], "little")
            yield SCHEMES.get(number) or f"{number:#010x}"
            at += 8 + int.from_bytes(head[:8], "little")

    def _archive(self, start: int, *, complete: bool) -> ZipArchive:
        ends = self.ends
        mimetype = self.view.read(self.mimetype[0], min(self.mimetype[1], 128)) if self.mimetype else b""
        system = SYSTEMS.get(self.made >> 8) or f"system {self.made >> 8}"
        return ZipArchive(
            flavour=self.flavour.told(mimetype),
            entries=self.count,
            declared=ends.declared,
            files=self.files,
            packed=self.packed,
            size=self.size,
            methods=tuple(sorted(self.methods))[:32],
            encryption=tuple(sorted(self.ciphers)),
            offsets="archive" if ends.base else "source",
            base=ends.base,
            prefix=start,
            directory=ends.directory,
            zip64=ends.zip64 is not None,
            comment=text(ends.comment, 0, COMMENT_SHOWN) if ends.comment else None,
            writer=f"{system}, {(self.made & 0xFF) / 10:.1f}" if self.count else "",
            oldest=moment(self.oldest >> 16, self.oldest & 0xFFFF) if self.newest else None,
            newest=moment(self.newest >> 16, self.newest & 0xFFFF) if self.newest else None,
            signing=self.schemes,
            contradictions=sum(self.notes.counts[name] for name in CONTRADICTING),
            complete=complete,
        )
