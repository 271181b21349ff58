"""Zstandard frames (RFC 8878): a magic number, a header, blocks with their sizes, a checksum where the header says so.

The blocks lead to the frame's end without decoding. Frames in a row are one child, with skippable frames between them.
Decoding needs the library `zstandard`, an extra. Not handled: dictionaries, and the formats before 0.8.
"""

import importlib.util
from collections.abc import Iterator
from typing import ClassVar

from rorqual.sdk import Anchor, Codec, Extent, Hit, Malformed, Refused, Region, Room, Said, View, frozen

MAGIC = b"\x28\xb5\x2f\xfd"
SKIPPABLE = b"\x2a\x4d\x18"  # behind 50 to 5f
BLOCK_MOST = 128 << 10  # bytes
WINDOW_MOST = 64 << 20
SKIPPED_MOST = 64  # skippable frames in a row
READ = 64 << 10
LIBRARY = "zstandard"


@frozen
class ZstdFrame:
    """A frame; the finding has its size as far as its blocks lead."""

    tag: ClassVar[str] = "zstd_frame"
    window: int  # bytes
    content_size: int | None
    checksum: bool
    dictionary_id: int
    blocks: int
    ended: bool


class Zstd:
    """Finds Zstandard frames anywhere, and skippable frames that lead to one."""

    name = "zstd"
    version = 1
    wakes_on = (
        Anchor(rb"\x28\xb5\x2f\xfd[\x00-\xff]"),
        Anchor(rb"[\x50-\x5f]\x2a\x4d\x18[\x00-\xff]{3}[\x00-\x0f]"),
    )

    @property
    def options(self) -> tuple[str, ...]:
        """The library, where it is there: without it nothing is decoded."""
        return (LIBRARY,) if importlib.util.find_spec(LIBRARY) is not None else ()

    def score(self, view: View, /) -> int:
        """The reserved bit of a frame's header is not set."""
        head = view.read(0, 5)
        return int(len(head) == 5 and (head[:4] != MAGIC or not head[4] & 0x08))

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        if view.exact(0, 4) != MAGIC:
            if skipped(view, 0, MAGIC):
                size = 8 + int.from_bytes(view.exact(4, 4), "little")
                yield Extent(0, size, "zstd", "a skippable frame that leads to a frame", "start")
                yield from _rooms(hit, 0, size)
            return
        head, window, content, checksum, dictionary = _header(view)
        end, blocks, ended = walk(view, head, min(window, BLOCK_MOST) or BLOCK_MOST)
        end = min(end + 4 * checksum, view.within(0, end + 4)) if ended else end
        ended = ended and view.within(0, end) == end and (not checksum or len(view.read(end - 4, 4)) == 4)
        if not blocks:
            raise Malformed(view.offset + head, "a block")
        yield hit.finding(0, end, ZstdFrame(window, content, checksum, dictionary, blocks, ended))
        if ended:
            behind = 0 if skipped(view, end, MAGIC) else skipped(view, end)  # what leads to a frame claims itself
            yield Extent(0, end + behind, "zstd", "blocks of sizes that may be lead to the last", "start")
            yield from _rooms(hit, end, end + behind)
        if window > WINDOW_MOST:
            yield Refused(0, end, "window", WINDOW_MOST)
        elif dictionary:
            yield Refused(0, end, "dictionary id", 0)
        elif not self.options:
            yield Refused(0, end, "method", 0)
        else:
            yield Region(0, None, "zstd-frame", Codec("zstd", decode))


def _header(view: View) -> tuple[int, int, int | None, bool, int]:
    """Bytes of the header, window, content's size, whether there is a checksum, the dictionary's id."""
    flags = view.exact(4, 1)[0]
    single, at = bool(flags & 0x20), 5
    size_bytes = (1 if single else 0, 2, 4, 8)[flags >> 6]
    id_bytes = (0, 1, 2, 4)[flags & 3]
    fields = view.exact(at, (not single) + id_bytes + size_bytes)
    window = 0
    if not single:
        base = 1 << 10 + (fields[0] >> 3)
        window, fields = base + base // 8 * (fields[0] & 7), fields[1:]
    dictionary = int.from_bytes(fields[:id_bytes], "little")
    content = int.from_bytes(fields[id_bytes:], "little") + 256 * (size_bytes == 2) if size_bytes else None
    if single and content is not None:
        window = content
    return 5 + (not single) + id_bytes + size_bytes, window, content, bool(flags & 4), dictionary


def walk(view: View, at: int, most: int) -> tuple[int, int, bool]:
    """Where the blocks from `at` on end, how many there are, and whether the last is among them.

    Raises:
        Malformed: something that is no block stands between.
    """
    blocks = 0
    while True:
        view.step()
        head = int.from_bytes(view.read(at, 3).ljust(3, b"\xff"), "little")
        kind, size = head >> 1 & 3, head >> 3
        stored = 1 if kind == 1 else size
        if view.within(at + 3, stored) < stored or not view.holds(at + 2):
            return at, blocks, False
        if kind == 3 or size > most or (kind == 2 and not size):
            raise Malformed(view.offset + at, "the header of a block")
        at, blocks = at + 3 + stored, blocks + 1
        if head & 1:
            return at, blocks, True


def skipped(view: View, at: int, leads_to: bytes = b"") -> int:
    """Bytes of skippable frames from `at` on; 0 where they must lead to a magic number, and do not."""
    start = at
    for _ in range(SKIPPED_MOST):
        head = view.read(at, 8)
        if len(head) < 8 or head[1:4] != SKIPPABLE or head[0] >> 4 != 5:
            break
        size = int.from_bytes(head[4:], "little")
        if size and not view.holds(at + 7 + size):
            break
        at += 8 + size
    return at - start if not leads_to or view.read(at, len(leads_to)) == leads_to else 0


def _rooms(hit: Hit, at: int, end: int) -> Iterator[Said]:
    while at < end:
        size = int.from_bytes(hit.view.exact(at + 4, 4), "little")
        if size >= 8 and hit.view.read(at + 8, min(size, 4096)).strip(b"\0"):
            yield hit.finding(at + 8, size, Room("zstd", "private"))
        at += 8 + size


def decode(view: View) -> Iterator[bytes]:
    """The bytes of the frame and of those that follow it without a gap.

    Raises:
        Malformed: a frame breaks off, or its checksum does not hold.
    """
    import zstandard  # noqa: PLC0415 - an optional dependency: pip install 'rorqual[zstd]'

    at = 0
    while True:
        stream = zstandard.ZstdDecompressor(max_window_size=WINDOW_MOST).decompressobj()
        while not stream.eof:
            data = view.read(at, READ)
            if not data:
                raise Malformed(view.offset + at, "the end of the Zstandard frame")
            at += len(data)
            try:
                whole: bytes = stream.decompress(data)
            except zstandard.ZstdError as error:
                raise Malformed(view.offset + at - len(data), f"Zstandard data ({error})") from error
            for start in range(0, len(whole), 1 << 20):
                yield whole[start : start + (1 << 20)]
        at -= len(stream.unused_data)
        at += skipped(view, at)
        if view.read(at, 4) != MAGIC:
            return
        view.part(at)
