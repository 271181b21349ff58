"""RAR 5 and later: from block to block to the one that ends the archive."""

from collections.abc import Iterator

from rorqual.analyzers.formats.solid.members import LONGEST_NAME, Missed, Table, Traps
from rorqual.analyzers.formats.solid.rar5_blocks import (
    ENCRYPTION,
    END,
    FILE,
    MAIN,
    SERVICE,
    Block,
    Fields,
    Opened,
    Stored,
    extras,
    modified_of,
    opened,
    read_block,
)
from rorqual.analyzers.formats.solid.rar_bodies import RarArchive, RarMember, RarMembers
from rorqual.analyzers.formats.solid.times import unix_time
from rorqual.sdk import Anomaly, Closed, Codec, Extent, Hit, Malformed, Region, Room, Said

MARKER = 8
ARCHIVE_VOLUME, ARCHIVE_NUMBER, ARCHIVE_SOLID, ARCHIVE_RECOVERY, ARCHIVE_LOCKED = 0x1, 0x2, 0x4, 0x8, 0x10
FILE_DIRECTORY, FILE_TIME, FILE_CRC, FILE_UNKNOWN_SIZE = 0x1, 0x2, 0x4, 0x8
END_MORE = 0x1
EXTRA_ENCRYPTION, EXTRA_TIMES, EXTRA_LINK = 1, 3, 5
KNOWN_EXTRAS = {MAIN: (1, 2), FILE: (1, 2, 3, 4, 5, 6, 7), SERVICE: (1, 2, 3, 4, 5, 6, 7)}
METHODS = ("stored", "fastest", "fast", "normal", "good", "best", "method 6", "method 7")
LINKS = {1: "symbolic link", 2: "symbolic link", 3: "junction", 4: "hard link", 5: "copy"}
COMMENT_MOST = 4096
SALTS_MOST = 16  # that passwords are tried with
VOLUME_PADDING = 16  # zeros that make all volumes but the last equally long


class Walk:
    """One walk over the blocks, and what it has met."""

    def __init__(self, hit: Hit) -> None:
        self._hit = hit
        self._view = hit.view
        self.end = MARKER
        self.flags = 0
        self.volume: int | None = None
        self.members = 0
        self.encrypted = False
        self.password: str | None = None
        self.key: bytes | None = None  # of the headers
        self._tried: dict[tuple[int, bytes], Opened | None] = {}  # by rounds and salt
        self.comment: str | None = None
        self.headers_closed = self.ended = self.more = self.cut = False
        self._table: Table[RarMember] = Table()
        self._missed = Missed()
        self._traps = Traps(hit)

    def blocks(self) -> Iterator[Said]:
        first = True
        while not self.ended and not self.cut and (not self.headers_closed or self.key is not None):
            self._view.step()
            block = read_block(self._view, self.end, self.key)
            if block is None or (block.type in {MAIN, ENCRYPTION}) != first:
                break
            first = block.type == ENCRYPTION
            if block.data and self._view.within(block.data_at, block.data) < block.data:
                self.cut = True
            try:
                yield from self._block(block)
            except Malformed as wrong:
                self.cut = True
                yield self._hit.finding(block.at, block.head, Anomaly("header_malformed", f"expected {wrong.expected}"))
            if not self.cut:
                self.end = block.end
        for part in self._table.rest():
            yield self._hit.finding(*part[:2], RarMembers(*part[2:]))
        yield from self._missed.rest()

    def _block(self, block: Block) -> Iterator[Said]:
        fields = Fields(block.header, block.fields, len(block.header) - block.extra, self._hit.offset + block.at)
        if block.type == MAIN:
            self.flags = fields.number()
            self.volume = fields.number() if self.flags & ARCHIVE_NUMBER else 0 if self.flags & ARCHIVE_VOLUME else None
        elif block.type in (FILE, SERVICE):
            yield from self._file(block, fields)
        elif block.type == ENCRYPTION:
            self.headers_closed = True
            fields.number()
            flags = fields.number()
            rounds, salt = fields.take(1)[0], fields.take(16)
            if flags & 1 and (found := self._open(rounds, salt, fields.take(12))) is not None:
                self.key = found.key
        elif block.type == END:
            self.more = bool(fields.number() & END_MORE)
            self.ended = True
        else:
            fields.at = fields.end
            yield from self._room(block.at + block.fields, len(block.header) - block.fields, "private")
        if block.head != len(block.header):
            return  # what is encrypted is no room for anything
        if block.type != SERVICE:
            yield from self._room(block.at + fields.at, fields.end - fields.at, "slack")
        for kind, at, content in extras(block, self._hit.offset + block.at):
            if kind not in KNOWN_EXTRAS.get(block.type, ()):
                yield from self._room(block.at + at, len(content), "extra")
        if block.type not in (FILE, SERVICE):
            yield from self._room(block.data_at, block.data, "private")

    def _file(self, block: Block, fields: Fields) -> Iterator[Said]:
        flags, size, _ = fields.number(), fields.number(), fields.number()
        modified = unix_time(fields.word()) if flags & FILE_TIME else None
        crc = fields.word() if flags & FILE_CRC else None
        packing = fields.number()
        fields.number()  # the system it was made on
        length = fields.number()
        name = fields.take(length).decode("utf-8", "replace")[:LONGEST_NAME]
        method, secret, target = METHODS[packing >> 7 & 7], False, None
        opening: tuple[bytes, bytes] | None = None  # key and initial vector
        for kind, place, content in extras(block, self._hit.offset + block.at):
            record = Fields(content, 0, len(content), self._hit.offset + block.at + place)
            if kind == EXTRA_ENCRYPTION:
                secret = True
                record.number()
                checked = record.number() & 1
                rounds, salt, vector = record.take(1)[0], record.take(16), record.take(16)
                if checked and (found := self._open(rounds, salt, record.take(12))) is not None:
                    opening = found.key, vector
            elif kind == EXTRA_TIMES and (moment := modified_of(record)):
                modified = moment
            elif kind == EXTRA_LINK:
                method = LINKS.get(record.number(), "link")
                record.number()
                target = record.take(record.number()).decode("utf-8", "replace")[:LONGEST_NAME]
        size_known = None if flags & FILE_UNKNOWN_SIZE else size
        if block.type == SERVICE:
            yield from self._service(block, name, method, secret)
            return
        stored = Stored(size, opening) if opening and method == "stored" and not flags & FILE_UNKNOWN_SIZE else None
        self.members += 1
        self.encrypted |= secret
        kind_of = "directory" if flags & FILE_DIRECTORY else method
        row = RarMember(name, size_known, block.data, kind_of, modified, crc, secret, target)
        for part in self._table.add(block.at, block.head, row):
            yield self._hit.finding(*part[:2], RarMembers(*part[2:]))
        yield from self._traps.name(block.at, block.head, name)
        if target is not None:
            yield from self._traps.link(block.at, block.head, name, target)
        if not flags & FILE_DIRECTORY:
            yield from self._content(block, name, method, secret, stored)

    def _open(self, rounds: int, salt: bytes, check: bytes) -> Opened | None:
        """The key, as far as one of the passwords makes it; members mostly share their salt."""
        place = rounds, salt
        if place not in self._tried:
            found = opened(self._hit, rounds, salt, check) if len(self._tried) < SALTS_MOST else None
            self._tried[place] = found
            if found is not None:
                self.password = found.password
        return self._tried[place]

    def _content(
        self, block: Block, name: str, method: str, secret: bool, stored: Stored | None = None
    ) -> Iterator[Said]:
        size = self._view.within(block.data_at, block.data)
        if not size:
            return
        if stored is not None:
            yield from self._missed.rest()
            yield Region(block.data_at, size, "rar-member", Codec("rar-aes", stored), name=name)
        elif secret:
            yield from self._missed.rest()
            yield Closed(block.data_at, size, "encrypted RAR member")
        elif method == "stored":
            yield from self._missed.rest()
            yield Region(block.data_at, size, "rar-member", Codec("rar-stored", None), name=name)
        else:
            self._missed.add(block.data_at, size)

    def _service(self, block: Block, name: str, method: str, secret: bool) -> Iterator[Said]:
        """CMT is the comment, RR the recovery record, QO a copy of the headers, STM a stream, ACL rights."""
        if name == "STM":
            for kind, _, content in extras(block, self._hit.offset + block.at):
                if kind == 7:
                    stream = content.decode("utf-8", "replace")[:LONGEST_NAME].removeprefix(":")
                    yield from self._traps.name(block.at, block.head, stream)
                    name = stream
            yield from self._content(block, name, method, secret)
        elif name == "CMT":
            if method == "stored" and not secret:
                data = self._view.read(block.data_at, min(block.data, COMMENT_MOST))
                self.comment = data.rstrip(b"\0").decode("utf-8", "replace")
            yield from self._room(block.data_at, block.data, "comment")
        else:
            yield from self._room(block.data_at, block.data, "private")

    def _room(self, at: int, size: int, use: str) -> Iterator[Said]:
        size = self._view.within(at, size) if size >= 8 else 0
        if size >= 8 and self._view.read(at, 4096).strip(b"\0"):
            yield self._hit.finding(at, size, Room("rar", use))


def examine5(hit: Hit) -> Iterator[Said]:
    """The archive at the hit."""
    view = hit.view
    walk = Walk(hit)
    first = read_block(view, MARKER)
    if first is None or first.type not in (MAIN, ENCRYPTION):
        raise Malformed(hit.offset + MARKER, "a first header whose CRC holds")
    yield from walk.blocks()
    yield hit.finding(
        0,
        walk.end,
        RarArchive(
            "5",
            walk.members,
            bool(walk.flags & ARCHIVE_SOLID),
            bool(walk.flags & ARCHIVE_LOCKED),
            "headers" if walk.headers_closed else "members" if walk.encrypted else None,
            walk.password,
            walk.volume,
            walk.more,
            bool(walk.flags & ARCHIVE_RECOVERY),
            walk.comment,
            walk.ended,
        ),
    )
    if walk.headers_closed and walk.key is None:
        yield from closed_headers(hit, walk.end)
    elif walk.ended:
        padding = view.read(walk.end, VOLUME_PADDING + 1) if walk.more else b""
        if len(padding) <= VOLUME_PADDING and not padding.strip(b"\0"):
            walk.end += len(padding)
        yield Extent(0, walk.end, "rar", "the CRC of each block holds, to the end block", "within 1048576")
    elif walk.members and not walk.cut:
        yield Extent(0, walk.end, "rar", "the CRC of each block holds; no end block", "within 1048576")


def closed_headers(hit: Hit, at: int) -> Iterator[Said]:
    """What lies behind a header that says that all others are encrypted: to the source's end, for want of another."""
    left = hit.view.within(at, 1 << 48)
    if left:
        yield Closed(at, left, "encrypted RAR headers and members")
        proof = "the CRC of the first header holds; the others are encrypted, and taken to go on to the end"
        yield Extent(0, at + left, "rar", proof, "within 1048576")
