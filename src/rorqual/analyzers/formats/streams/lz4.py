"""LZ4 frames, and the legacy ones that kernels use.

https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md. A frame's header has a checksum, and its blocks lead to
the mark that ends them. Legacy frames end where no block's size can follow. Frames in a row are one child. Not handled:
dictionaries.
"""

from collections.abc import Generator, Iterator
from typing import ClassVar, NamedTuple

from rorqual.analyzers.formats.streams.lz4_blocks import unpack, xxh32
from rorqual.analyzers.formats.streams.zstd import skipped
from rorqual.sdk import Anchor, Codec, Extent, Hit, Malformed, Refused, Region, Room, Said, View, frozen

MAGIC, LEGACY = b"\x04\x22\x4d\x18", b"\x02\x21\x4c\x18"
LEGACY_BLOCK = 8 << 20
LEGACY_MOST = LEGACY_BLOCK + LEGACY_BLOCK // 255 + 16  # encoded bytes of a block
HISTORY = 64 << 10
CHECKED_MOST = 64 << 10  # bytes whose checksums are verified
TRIED = 64 << 10  # bytes of a first block decoded as proof
PIECE = 1 << 20


class Header(NamedTuple):
    """The descriptor of a frame."""

    size: int  # of magic number and descriptor
    linked: bool
    block_checksums: bool
    content_size: int | None
    checksum: bool
    dictionary: bool
    block: int  # bytes of a block, decoded, at most


@frozen
class Lz4Frame:
    """A frame; the finding has its size as far as its blocks lead."""

    tag: ClassVar[str] = "lz4_frame"
    kind: str  # "frame" or "legacy"
    block_size: int  # bytes at most
    content_size: int | None
    checksum: bool  # of the content
    blocks: int
    ended: bool


class Lz4:
    """Finds LZ4 frames anywhere, and skippable frames that lead to one."""

    name = "lz4"
    version = 1
    wakes_on = (
        Anchor(rb"\x04\x22\x4d\x18[\x40-\x7f][\x40\x50\x60\x70]"),
        Anchor(rb"\x02\x21\x4c\x18[\x00-\xff]{3}\x00"),
        Anchor(rb"[\x50-\x5f]\x2a\x4d\x18[\x00-\xff]{3}[\x00-\x0f]"),
    )

    def score(self, view: View, /) -> int:
        """A legacy block has a size that may be."""
        head = view.read(0, 8)
        return int(not head.startswith(LEGACY) or 0 < int.from_bytes(head[4:], "little") <= LEGACY_MOST)

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        magic = hit.view.exact(0, 4)
        if magic == MAGIC:
            yield from _frame(hit)
        elif magic == LEGACY:
            yield from _legacy(hit)
        elif skipped(hit.view, 0, MAGIC):
            size = 8 + int.from_bytes(hit.view.exact(4, 4), "little")
            yield Extent(0, size, "lz4", "a skippable frame that leads to a frame", "start")
            yield from _rooms(hit, 0, size)


def _frame(hit: Hit) -> Iterator[Said]:
    view = hit.view
    header = read_header(view)
    at, blocks, ended = header.size, 0, False
    wrong: int | None = None
    checked = 0
    while True:
        view.step()
        head = view.read(at, 4)
        size = int.from_bytes(head, "little") & 0x7FFFFFFF
        if len(head) < 4 or size > header.block:
            break
        if not int.from_bytes(head, "little"):
            at, ended = at + 4, True
            break
        end = at + 4 + size + 4 * header.block_checksums
        if view.within(at, end - at) < end - at:
            break
        if header.block_checksums and checked + size <= CHECKED_MOST:
            checked += size
            if xxh32(view.exact(at + 4, size)).to_bytes(4, "little") != view.exact(end - 4, 4):
                wrong = at
        if not blocks and size <= TRIED and not head[3] >> 7 and not header.dictionary:
            unpack(view.exact(at + 4, size), b"", header.block, view.offset + at)
        at, blocks = end, blocks + 1
    if ended and header.checksum:
        ended = len(view.read(at, 4)) == 4
        at += 4 * ended
    facts = Lz4Frame("frame", header.block, header.content_size, header.checksum, blocks, ended)
    yield hit.finding(0, at, facts)
    if wrong is not None:
        raise Malformed(view.offset + wrong, "a block whose checksum holds")
    if ended:
        behind = 0 if skipped(view, at, MAGIC) else skipped(view, at)  # what leads to a frame claims itself
        yield Extent(0, at + behind, "lz4", "the descriptor's checksum holds; blocks lead to the end mark", "start")
        yield from _rooms(hit, at, at + behind)
    if header.dictionary:
        yield Refused(0, at, "dictionary id", 0)
    elif blocks:
        yield Region(0, None, "lz4-frame", Codec("lz4", decode))


def _legacy(hit: Hit) -> Iterator[Said]:
    view = hit.view
    at, blocks = 4, 0
    while size := _legacy_size(view, at):
        view.step()
        if view.within(at + 4, size) < size:
            break
        if not blocks:
            unpack(view.exact(at + 4, min(size, TRIED)), b"", LEGACY_BLOCK, view.offset + at, cut=size > TRIED)
        at, blocks = at + 4 + size, blocks + 1
    ended = not _legacy_size(view, at)
    if not blocks:
        raise Malformed(view.offset + 4, "a block")
    yield hit.finding(0, at, Lz4Frame("legacy", LEGACY_BLOCK, None, False, blocks, ended))
    if ended:
        yield Extent(0, at, "lz4", "blocks of sizes that may be, and none behind them", "start")
    yield Region(0, at, "lz4-frame", Codec("lz4", decode))


def _legacy_size(view: View, at: int) -> int:
    """Bytes of the block at `at`; 0 where there is none."""
    head = view.read(at, 4)
    size = int.from_bytes(head, "little")
    return size if len(head) == 4 and 0 < size <= LEGACY_MOST else 0


def _rooms(hit: Hit, at: int, end: int) -> Iterator[Said]:
    while at < end:
        size = int.from_bytes(hit.view.exact(at + 4, 4), "little")
        if size >= 8 and hit.view.read(at + 8, min(size, 4096)).strip(b"\0"):
            yield hit.finding(at + 8, size, Room("lz4", "private"))
        at += 8 + size


def read_header(view: View) -> Header:
    """The descriptor, whose checksum must hold."""
    flags, block = view.exact(4, 2)
    sized, dictionary = bool(flags & 8), bool(flags & 1)
    size = 6 + 8 * sized + 4 * dictionary
    data = view.exact(4, size - 3)
    if flags >> 6 != 1 or flags & 2 or block & 0x8F or block >> 4 < 4:
        raise Malformed(view.offset + 4, "a descriptor of version 1")
    if xxh32(data[:-1]) >> 8 & 0xFF != data[-1]:
        raise Malformed(view.offset + size, "the checksum of the descriptor")
    content = int.from_bytes(data[2:10], "little") if sized else None
    block_size = 1 << 8 + 2 * (block >> 4)
    return Header(size + 1, not flags & 0x20, bool(flags & 0x10), content, bool(flags & 4), dictionary, block_size)


def decode(view: View) -> Iterator[bytes]:
    """The bytes of the frame and of those that follow it without a gap.

    Raises:
        Malformed: a frame breaks off.
    """
    at = 0
    while True:
        whole = view.sub(at)
        if whole.exact(0, 4) == MAGIC:
            end = yield from _decode_frame(whole)
        else:
            end = yield from _decode_legacy(whole)
        at += end
        at += skipped(view, at, MAGIC)
        if view.read(at, 4) not in (MAGIC, LEGACY):
            return
        view.part(at)


def _decode_frame(view: View) -> Generator[bytes, None, int]:
    header = read_header(view)
    at, history = header.size, b""
    while head := int.from_bytes(view.exact(at, 4), "little"):
        size = head & 0x7FFFFFFF
        if size > header.block:
            raise Malformed(view.offset + at, f"a block of at most {header.block} bytes")
        data = view.exact(at + 4, size)
        if not head >> 31:
            data = unpack(data, history, header.block, view.offset + at)
        if header.linked:
            history = (history + data)[-HISTORY:]
        for start in range(0, len(data), PIECE):
            yield data[start : start + PIECE]
        at += 4 + size + 4 * header.block_checksums
    return at + 4 + 4 * header.checksum


def _decode_legacy(view: View) -> Generator[bytes, None, int]:
    at = 4
    while size := _legacy_size(view, at):
        data = unpack(view.exact(at + 4, size), b"", LEGACY_BLOCK, view.offset + at)
        for start in range(0, len(data), PIECE):
            yield data[start : start + PIECE]
        at += 4 + size
    return at
