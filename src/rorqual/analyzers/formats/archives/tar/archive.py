"""One archive, from its first header to its end."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from rorqual.analyzers.formats.archives.notes import Notes
from rorqual.analyzers.formats.archives.tar import pax
from rorqual.analyzers.formats.archives.tar.bodies import TarArchive, TarMember, TarMembers
from rorqual.analyzers.formats.archives.tar.headers import (
    BLOCK,
    EMPTY,
    FILES,
    META,
    RECORD,
    TYPES,
    ZEROS,
    Header,
    checked,
    header,
    more_sparse,
    padded,
    zeros_from,
)
from rorqual.analyzers.formats.archives.tar.oddities import NAME_SHOWN, oddities
from rorqual.analyzers.formats.archives.zip.records import text
from rorqual.analyzers.formats.pe.rows import Rows
from rorqual.sdk import Codec, Extent, Hit, Refused, Region, Said, View

MEMBERS = 100_000
CHILDREN = 8192
META_MOST = 1 << 20  # bytes of an extended header
SPARSE_MOST = 4096  # blocks of a map
OWNERS = 8
LINKS = 4096  # symbolic links remembered
STEPS = 8  # for a member


@dataclass
class Archive:
    """One archive while it is walked."""

    hit: Hit
    view: View
    start: int
    end: int = 0
    variant: str = ""
    members: int = 0
    files: int = 0
    children: int = 0
    size: int = 0
    oldest: int | None = None
    newest: int | None = None
    owners: dict[str, None] = field(default_factory=dict)
    comment: str | None = None
    ends: str = ""
    complete: bool = True
    links: set[bytes] = field(default_factory=set)
    over: dict[bytes, bytes] = field(default_factory=dict)  # what extended headers say of the next member
    everywhere: dict[bytes, bytes] = field(default_factory=dict)
    rows: Rows[TarMember] = field(default_factory=Rows)
    begun: int | None = None  # where the next member's extended headers begin

    def __post_init__(self) -> None:
        self.notes = Notes(self.hit, "tar")
        self.end = self.start

    def told(self) -> Iterator[Said]:
        """All there is to say of it."""
        hit = self.hit
        while not self.ends:
            yield from self._block()
        for told in self.rows.rest():
            yield hit.finding(told[0], told[1], TarMembers(told[2], told[3]))
        size = self.end - self.start
        yield hit.finding(self.start, size, self._record())
        if self.complete and self.members:
            yield Extent(self.start, size, "tar", f"checksums of {self.members} headers; {self.ends}", "start")

    def _block(self) -> Iterator[Said]:
        """The next header, or the end."""
        at = self.end
        raw = self.view.read(at, BLOCK)
        found = header(raw)
        if found is None:
            yield from self._ended(at, raw)
            return
        self.view.step(STEPS)
        self.variant = self.variant if self.variant in ("gnu", "pax", "star") else found.variant
        data, begun = at + BLOCK, at if self.begun is None else self.begun
        if found.type in META:
            self.begun = begun
            yield from self._meta(found, data)
            self._advance(data, found.size)
            return
        self.begun = None
        yield from self._member(found, begun, at)
        self.over.clear()

    def _ended(self, at: int, raw: bytes) -> Iterator[Said]:
        if len(raw) < BLOCK:
            self.ends = "without blocks of zeros" if not raw else "cut in a header"
            self.end = at + (len(raw) if raw.startswith(b"\0") and not raw.strip(b"\0") else 0)
        elif raw == ZEROS:
            zeros = zeros_from(self.view, at, RECORD + 2 * BLOCK)
            two = at + 2 * BLOCK
            whole = two + (self.start - two) % RECORD  # where the last record ends
            if zeros < 2 * BLOCK:
                self.end, self.ends = at + zeros, "one block of zeros ends it"
            elif at + zeros >= whole or not self.view.holds(at + zeros):
                self.end, self.ends = min(at + zeros, whole), "blocks of zeros end it"
            else:
                self.end, self.ends = two, "blocks of zeros end it"
        else:
            self.ends = "then no header"
            if checked(raw):
                proof = text(raw[124:136], 0, 24)
                yield from self.notes.anomaly(self.hit.offset + at, BLOCK, "size_wrong", proof)

    def _advance(self, data: int, size: int) -> None:
        """Goes behind `size` bytes of data, or as far as there are any."""
        whole = padded(size)
        there = self.view.within(data, whole)
        self.end = data + there
        if there < size:
            self.ends = "cut in the data of its last member"

    def _meta(self, found: Header, data: int) -> Iterator[Said]:
        """An extended header, or a long name."""
        content = self.view.read(data, min(found.size, META_MOST))
        if found.type == b"L":
            self.over[b"path"] = content.partition(b"\0")[0]
        elif found.type == b"K":
            self.over[b"linkpath"] = content.partition(b"\0")[0]
        if found.type in (b"L", b"K"):
            behind = content.partition(b"\0")[2]
            yield from self.notes.room(self.hit.offset + data + len(content) - len(behind), behind, "padding")
            return
        self.variant = "pax"
        where = self.hit.offset + data
        for at, key, value in pax.records(content):
            if not key:
                yield from self.notes.anomaly(where + at, len(value), "pax_record_broken", text(value, 0, 40))
                continue
            (self.everywhere if found.type == b"g" else self.over)[key] = value[:META_MOST]
            if key == b"comment":
                self.comment = text(value, 0, NAME_SHOWN) if found.type == b"g" else self.comment
                yield from self.notes.room(where + at, value, "comment")
            elif key not in pax.STANDARD:
                yield from self.notes.room(where + at, value, "metadata")

    def _member(self, found: Header, begun: int, at: int) -> Iterator[Said]:
        hit, notes, view = self.hit, self.notes, self.view
        over = {**self.everywhere, **self.over} if self.everywhere or self.over else {}
        size = int(over[b"size"]) if over.get(b"size", b"").isdigit() else found.size
        name, link = over.get(b"path", found.name), over.get(b"linkpath", found.link)
        name = over.get(b"GNU.sparse.name", name)
        data = at + BLOCK
        if found.type == b"S" and found.variant == "gnu":
            data = self._behind_map(found, data)
        stored = size
        if found.type in EMPTY:
            stored = 0
            if size and found.type != b"1":
                where = data + padded(size)
                if not checked(view.read(data, BLOCK)) and checked(view.read(where, BLOCK)):
                    stored = size
                proof = f"{TYPES[found.type]} of {size} bytes"
                yield from notes.anomaly(hit.offset + at, BLOCK, "data_of_no_file", proof)
        if self.members >= MEMBERS:
            yield Refused(at, BLOCK, "members", MEMBERS)
            self.ends, self.complete = f"{MEMBERS} members, and more", False
            return
        shown = text(name, 0, NAME_SHOWN)
        kind = TYPES.get(found.type) or f"type {text(found.type, 0, 4)}"
        owner, group = (text(one, 0, 64) for one in (found.owner, found.group))
        row = TarMember(
            hit.offset + begun,
            shown,
            kind,
            size,
            found.mode,
            owner or str(found.uid),
            group or str(found.gid),
            found.modified,
            text(link, 0, NAME_SHOWN) if link else None,
        )
        self.members += 1
        if len(self.owners) < OWNERS:
            self.owners[f"{row.owner}:{row.group}"] = None
        if found.modified:
            self.oldest = found.modified if self.oldest is None else min(self.oldest, found.modified)
            self.newest = found.modified if self.newest is None else max(self.newest, found.modified)
        yield from oddities(found, hit.offset + at, notes, name=name, link=link, links=self.links)
        if found.type == b"2" and len(self.links) < LINKS:
            self.links.add(name.rstrip(b"/"))
        self._advance(data, stored)
        yield from self._content(found, name, shown, data, stored)
        for told in self.rows.add(begun, self.end - begun, (row,)):
            yield hit.finding(told[0], told[1], TarMembers(told[2], told[3]))

    def _behind_map(self, found: Header, data: int) -> int:
        """Where the data of a sparse member begin: its map may go on in blocks behind the header."""
        raw, first = found.raw, True
        for _ in range(SPARSE_MOST):
            if not more_sparse(raw, first=first):
                break
            raw, first = self.view.exact(data, BLOCK), False
            self.view.step()
            data += BLOCK
        return data

    def _content(self, found: Header, name: bytes, shown: str, data: int, stored: int) -> Iterator[Said]:
        """The member as a child, or as room where its name is none; and what fills its last block."""
        there = min(stored, max(0, self.end - data))
        if found.type in FILES or found.type not in TYPES:
            self.files += 1
            self.size += stored
        if there:
            if name.strip(b"/") in (b"", b".", b"..") or found.type not in FILES:
                yield from self.notes.room(
                    self.hit.offset + data, self.view.read(data, min(there, RECORD)), "nameless", there
                )
            self.children += 1
            if self.children <= CHILDREN:
                yield Region(data, there, "tar-member", Codec("tar", None), name=shown)
            elif self.children == CHILDREN + 1:
                yield Refused(data, there, "members", CHILDREN)
        if stored % BLOCK and self.end > data + stored:
            rest = self.view.read(data + stored, self.end - data - stored)
            yield from self.notes.room(self.hit.offset + data + stored, rest, "padding")

    def _record(self) -> TarArchive:
        return TarArchive(
            self.variant,
            self.members,
            self.files,
            self.size,
            self.oldest,
            self.newest,
            tuple(self.owners),
            self.comment,
            self.ends,
            self.complete,
        )
