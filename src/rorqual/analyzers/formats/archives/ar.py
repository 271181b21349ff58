"""ar: "!<arch>\\n", then members behind headers of 60 bytes of text, each at an even place. Debian packages are such.

Long names stand in a table ("//") or before the data ("#1/"); symbols in a table of their own. A thin archive
("!<thin>\\n") has the headers alone. https://manpages.debian.org/5/deb, https://learn.microsoft.com/windows/win32/debug/pe-format
(archive file format), https://man.freebsd.org/cgi/man.cgi?query=ar&sektion=5. What tables of symbols hold is not told.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple

from rorqual.analyzers.formats.archives.notes import Notes, climbs
from rorqual.analyzers.formats.archives.zip.records import text
from rorqual.analyzers.formats.pe.rows import Rows
from rorqual.sdk import Anchor, Codec, Extent, Hit, Malformed, Refused, Region, Said, View, frozen

MAGIC, THIN = b"!<arch>\n", b"!<thin>\n"
HEADER = 60
MEMBERS = 100_000
CHILDREN = 8192
NAMES_MOST = 4 << 20  # bytes of the table of long names
NAME_MOST, NAME_SHOWN = 4096, 512  # bytes of a name before its data; characters shown
STEPS = 8  # for a member
TABLES = ("/", "//", "/SYM64/", "__.SYMDEF", "__.SYMDEF SORTED", "__.SYMDEF_64", "/<ECSYMBOLS>/", "/<HYBRIDMAP>/")


class ArMember(NamedTuple):
    """A member."""

    offset: int  # of its header in the source
    name: str
    size: int  # bytes, without a name before them
    mode: int
    uid: int
    gid: int
    modified: int  # seconds since 1970 UTC


@frozen
class ArMembers:
    """Rows; the finding spans the members."""

    tag: ClassVar[str] = "ar_members"
    first: int  # index of the first row
    rows: tuple[ArMember, ...]


@frozen
class ArArchive:
    """An archive, which the finding spans."""

    tag: ClassVar[str] = "ar_archive"
    flavour: str  # a format id: "deb" or "ar"
    variant: str  # how names are written: "gnu", "bsd", "coff" or "plain"
    thin: bool
    members: int
    size: int  # bytes of all members
    ends: str  # how it ends


class Ar:
    """Finds ar archives anywhere."""

    name = "ar"
    version = 1
    wakes_on = (Anchor(rb"!<(?:arch|thin)>\n"),)

    def score(self, view: View, /) -> int:
        """A header must follow, or nothing."""
        head = view.read(8, HEADER)
        return 1 if head[58:] == b"`\n" or (not head and not view.offset) else 0

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        magic = hit.view.exact(0, len(MAGIC))
        if not hit.view.holds(len(MAGIC)):
            if hit.offset or magic != MAGIC:
                raise Malformed(hit.offset + 8, "a member")
            yield hit.finding(0, 8, ArArchive("ar", "plain", False, 0, 0, "an empty archive"))
            yield Extent(0, 8, "ar", "an empty archive", "start")
            return
        yield from _Archive(hit, hit.view, thin=magic == THIN).told()


@dataclass
class _Archive:
    """One archive while it is walked."""

    hit: Hit
    view: View
    thin: bool
    at: int = len(MAGIC)
    members: int = 0
    children: int = 0
    size: int = 0
    ends: str = ""
    whole: bool = True
    variant: str = "plain"
    first: str = ""
    names: bytes = b""
    data_seen: bool = False
    rows: Rows[ArMember] = field(default_factory=Rows)

    def __post_init__(self) -> None:
        self.notes = Notes(self.hit, "ar")

    def told(self) -> Iterator[Said]:
        hit = self.hit
        while not self.ends:
            yield from self._member()
        if not self.members:
            raise Malformed(hit.offset + len(MAGIC), "a member")
        for told in self.rows.rest():
            yield hit.finding(told[0], told[1], ArMembers(told[2], told[3]))
        flavour = "deb" if self.first == "debian-binary" else "ar"
        record = ArArchive(flavour, self.variant, self.thin, self.members, self.size, self.ends)
        yield hit.finding(0, self.at, record)
        if self.whole:
            yield Extent(0, self.at, "ar", f"{self.members} headers in a row, to the end", "start")

    def _member(self) -> Iterator[Said]:
        view, at = self.view, self.at
        fields = _fields(view.read(at, HEADER))
        if fields is None:
            self.ends = "then no header"
            return
        view.step(STEPS)
        raw, modified, uid, gid, mode, size = fields
        if self.members >= MEMBERS:
            yield Refused(at, HEADER, "members", MEMBERS)
            self.ends, self.whole = f"{MEMBERS} members, and more", False
            return
        data = at + HEADER
        name, before = self._name(raw, data, size)
        table = name in TABLES
        stored = 0 if self.thin and not table else size
        there = view.within(data, stored) if stored else 0
        if there < stored:
            self.ends, self.whole = "cut in the data of its last member", False
        if raw.startswith(b"//"):
            self.names = view.read(data, min(there, NAMES_MOST))
        if not self.members:
            self.first = name
        self.members += 1
        self.size += size - before
        if not table:
            yield from self._oddities(name, at, data + before, max(0, there - before))
        row = ArMember(self.hit.offset + at, name, size - before, mode, uid, gid, modified)
        for told in self.rows.add(at, HEADER + there, (row,)):
            yield self.hit.finding(told[0], told[1], ArMembers(told[2], told[3]))
        if there > before and not table:
            self.children += 1
            if self.children <= CHILDREN:
                yield Region(data + before, there - before, "ar-member", Codec("ar", None), name=name)
            elif self.children == CHILDREN + 1:
                yield Refused(data + before, there - before, "members", CHILDREN)
        self.at = data + there
        if self.at % 2 and not self.ends and view.read(self.at, 1) in (b"\n", b"\0"):
            self.at += 1

    def _name(self, raw: bytes, data: int, size: int) -> tuple[str, int]:
        """The member's name, and how many bytes of its data are the name."""
        plain = raw.rstrip(b" ")
        if plain.startswith(b"#1/") and plain[3:].isdigit():
            self.variant = "bsd"
            count = min(int(plain[3:]), size, NAME_MOST)
            return text(self.view.read(data, count).rstrip(b"\0"), 0, NAME_SHOWN), count
        if plain.decode("latin-1") in TABLES:
            if plain == b"/" and self.members == 1 and self.variant == "gnu":
                self.variant = "coff"  # a second table of symbols
            elif self.variant == "plain" and plain.startswith(b"/"):
                self.variant = "gnu"
            return plain.decode("latin-1"), 0
        if plain[:1] == b"/" and plain[1:].isdigit():
            start = int(plain[1:])
            rest = self.names[start : start + NAME_MOST]
            ends = [place for place in (rest.find(b"\n"), rest.find(b"\0")) if place >= 0]
            long = rest[: min(ends, default=len(rest))]
            return text(long.removesuffix(b"/"), 0, NAME_SHOWN), 0
        if plain.endswith(b"/"):
            self.variant = "gnu" if self.variant == "plain" else self.variant
            plain = plain[:-1]
        return text(plain, 0, NAME_SHOWN), 0

    def _oddities(self, name: str, at: int, data: int, size: int) -> Iterator[Said]:
        """Names that climb, and members that readers pass over."""
        if climbs(name.encode()) and not self.thin:
            yield from self.notes.anomaly(self.hit.offset + at, HEADER, "path_traversal", name)
        skipped = name in ("", ".", "..")
        if self.first == "debian-binary":  # deb(5): what begins with "_", and all behind the data, is ignored
            skipped = skipped or name.startswith("_") or self.data_seen
            self.data_seen = self.data_seen or name.startswith("data.tar")
        if skipped and size:
            use = "private" if name.strip(".") else "nameless"
            yield from self.notes.room(self.hit.offset + data, self.view.read(data, min(size, 4096)), use, size)


def _fields(raw: bytes) -> tuple[bytes, int, int, int, int, int] | None:
    """(name, time, owner, group, mode, size) of a header; None where it is none. All but the size may be blank."""
    if len(raw) < HEADER or raw[58:] != b"`\n":
        return None
    values = []
    for start, end, base in ((16, 28, 10), (28, 34, 10), (34, 40, 10), (40, 48, 8), (48, 58, 10)):
        digits = raw[start:end].strip(b" \0")
        digits = digits.removeprefix(b"-") if start < 48 else digits  # -1: nobody, no time
        if digits and not (digits.isdigit() and (base == 10 or not set(digits) & set(b"89"))):
            return None
        values.append(int(digits, base) if digits else 0)
    return None if not raw[48:58].strip() else (raw[:16], *values)  # type: ignore[return-value]  # five numbers
