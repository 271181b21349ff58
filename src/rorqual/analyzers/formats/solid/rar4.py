"""RAR 1.5 to 4.x: from block to block to the one that ends the archive."""

from collections.abc import Iterator

from rorqual.analyzers.formats.solid.members import LONGEST_NAME, Missed, Table, Traps
from rorqual.analyzers.formats.solid.rar4_blocks import (
    END,
    END_CRC,
    END_MORE,
    END_NUMBER,
    FILE,
    FILE_COMMENT,
    FILE_DIRECTORY,
    FILE_PASSWORD,
    FIRST_TYPE,
    MAIN,
    MAIN_COMMENT,
    MAIN_FIRST,
    MAIN_LOCK,
    MAIN_PASSWORD,
    MAIN_RECOVERY,
    MAIN_SOLID,
    MAIN_VOLUME,
    SUB,
    Block,
    File,
    read_block,
    read_file,
)
from rorqual.analyzers.formats.solid.rar5 import closed_headers
from rorqual.analyzers.formats.solid.rar_bodies import RarArchive, RarMember, RarMembers
from rorqual.analyzers.formats.solid.times import dos_time
from rorqual.sdk import Anomaly, Closed, Codec, Extent, Hit, Malformed, Region, Room, Said

MARKER = 7
STORED = 0x30
METHODS = {0x30: "stored", 0x31: "fastest", 0x32: "fast", 0x33: "normal", 0x34: "good", 0x35: "best"}
UNIX = 3
COMMENT_MOST = 4096  # bytes of a stored comment that are told


class Walk:
    """One walk over the blocks, and what it has met."""

    def __init__(self, hit: Hit, main: Block) -> None:
        self._hit = hit
        self._view = hit.view
        self.main = main
        self.end = main.end
        self.members = 0
        self.encrypted = False
        self.comment: str | None = None
        self.ended = False
        self.more = False
        self.volume: int | None = None
        self.cut = False  # data of a block runs past the source's end
        self._table: Table[RarMember] = Table()
        self._missed = Missed()
        self._traps = Traps(hit)

    def blocks(self) -> Iterator[Said]:
        """All blocks behind the main one."""
        yield from self._old_comment(self.main, 13)
        while not self.ended:
            self._view.step()
            block = read_block(self._view, self.end)
            if block is None or block.type == MAIN:
                break
            if block.data and self._view.within(block.data_at, block.data) < block.data:
                self.cut = True
            if block.type == END:
                self._end(block)
            elif block.type in (FILE, SUB):
                yield from self._file(block)
            elif block.type != MAIN:
                yield from self._room(block.data_at, block.data, "private")
            if self.cut:
                break
            self.end = block.end
        for part in self._table.rest():
            yield self._hit.finding(*part[:2], RarMembers(*part[2:]))
        yield from self._missed.rest()

    def _end(self, block: Block) -> None:
        self.ended = True
        self.more = bool(block.flags & END_MORE)
        at = 11 if block.flags & END_CRC else 7
        if block.flags & END_NUMBER:
            self.volume = int.from_bytes(block.header[at : at + 2], "little")

    def _file(self, block: Block) -> Iterator[Said]:
        file = read_file(block)
        if file is None:
            self.cut = True
            return
        if block.type == SUB:
            yield from self._service(block, file)
            return
        self.members += 1
        directory = block.flags & FILE_DIRECTORY == FILE_DIRECTORY
        secret = bool(block.flags & FILE_PASSWORD)
        link = file.host == UNIX and file.attributes & 0xF000 == 0xA000
        method = "directory" if directory else METHODS.get(file.method, f"method {file.method:#x}")
        target = None
        if link and file.method == STORED and not secret:
            target = self._view.read(block.data_at, min(block.data, LONGEST_NAME)).decode("utf-8", "replace")
            yield from self._traps.link(block.at, len(block.header), file.name, target)
        row = RarMember(file.name, file.size, block.data, method, dos_time(file.modified), file.crc, secret, target)
        for part in self._table.add(block.at, len(block.header), row):
            yield self._hit.finding(*part[:2], RarMembers(*part[2:]))
        yield from self._traps.name(block.at, len(block.header), file.name)
        yield from self._old_comment(block, file.rest)
        size = self._view.within(block.data_at, block.data)
        if not size or directory:
            return
        if secret:
            self.encrypted = True
            yield from self._missed.rest()
            yield Closed(block.data_at, size, "encrypted RAR member")
        elif file.method == STORED:
            yield from self._missed.rest()
            yield Region(block.data_at, size, "rar-member", Codec("rar-stored", None), name=file.name)
        else:
            self._missed.add(block.data_at, size)

    def _service(self, block: Block, file: File) -> Iterator[Said]:
        """CMT has the archive's comment, RR a recovery record, AV what was signed; STM streams of a file."""
        if file.name == "CMT":
            if file.method == STORED and not block.flags & FILE_PASSWORD:
                data = self._view.read(block.data_at, min(block.data, COMMENT_MOST))
                self.comment = data.partition(b"\0")[0].decode("utf-8", "replace")
            yield from self._room(block.data_at, block.data, "comment")
        elif file.name == "STM":
            stream = block.header[file.rest :].decode("utf-16-le", "replace")
            yield from self._traps.name(block.at, len(block.header), stream[:LONGEST_NAME])
            if block.flags & FILE_PASSWORD:
                yield Closed(block.data_at, self._view.within(block.data_at, block.data), "encrypted RAR member")
            elif file.method == STORED and block.data:
                yield Region(block.data_at, block.data, "rar-member", Codec("rar-stored", None), name=stream[:256])
            elif block.data:
                self._missed.add(block.data_at, self._view.within(block.data_at, block.data))
        else:
            yield from self._room(block.data_at, block.data, "private")

    def _old_comment(self, block: Block, known: int) -> Iterator[Said]:
        """A comment in the header itself, as RAR 2.x wrote it."""
        if block.flags & (MAIN_COMMENT if block.type == MAIN else FILE_COMMENT):
            yield from self._room(block.at + known, len(block.header) - known, "comment")

    def _room(self, at: int, size: int, use: str) -> Iterator[Said]:
        size = self._view.within(at, size)
        if size >= 8 and self._view.read(at, 4096).strip(b"\0"):
            yield self._hit.finding(at, size, Room("rar", use))


def examine4(hit: Hit) -> Iterator[Said]:
    """The archive at the hit."""
    view = hit.view
    main = read_block(view, MARKER)
    if main is None or main.type != MAIN or len(main.header) < 13:
        raise Malformed(hit.offset + MARKER, "a main header whose CRC holds")
    flags = main.flags
    walk = Walk(hit, main)
    if not flags & MAIN_PASSWORD:
        yield from walk.blocks()
    volume = walk.volume
    if flags & MAIN_VOLUME and volume is None and flags & MAIN_FIRST:
        volume = 0
    yield hit.finding(
        0,
        walk.end,
        RarArchive(
            "4",
            walk.members,
            bool(flags & MAIN_SOLID),
            bool(flags & MAIN_LOCK),
            "headers" if flags & MAIN_PASSWORD else "members" if walk.encrypted else None,
            None,
            volume,
            walk.more,
            bool(flags & MAIN_RECOVERY),
            walk.comment,
            walk.ended,
        ),
    )
    if flags & MAIN_PASSWORD:
        yield from closed_headers(hit, walk.end)
        return
    if walk.cut:
        return
    if walk.ended:
        yield Extent(0, walk.end, "rar", "the CRC of each block holds, to the end block", "within 1048576")
    elif walk.members:
        yield Extent(0, walk.end, "rar", "the CRC of each block holds; no end block", "within 1048576")
        left = view.read(walk.end, 7)
        if len(left) == 7 and FIRST_TYPE < left[2] <= END:
            yield hit.finding(walk.end, 7, Anomaly("header_crc_wrong", f"block of type {left[2]:#x}"))
