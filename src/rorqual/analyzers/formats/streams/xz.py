"""xz streams: a header and a footer with the same flags, between them blocks of LZMA2 and an index of their sizes.

https://tukaani.org/xz/xz-file-format.txt. The footer wakes the probe as the header does: it leads over the index back
to the header, so that a stream of any size is proven by a few reads. Streams in a row are one child; padding between
streams is passed over by the decoder. Not handled: filters other than those of the lzma module.
"""

import lzma
import zlib
from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.streams.unpacking import Unpacked
from rorqual.sdk import Anchor, Codec, Extent, Hit, Malformed, Refused, Region, Said, View, frozen

MAGIC, END_MAGIC = b"\xfd7zXZ\x00", b"YZ"
HEADER = FOOTER = 12
INDEX_MOST = 16 << 20
DICTIONARY_MOST = 64 << 20
MEMORY_MOST = 96 << 20  # of the decoder
PADDING_MOST = 1 << 16  # zeros between streams
CHECKS = {0: "none", 1: "crc32", 4: "crc64", 10: "sha256"}
LZMA2 = 0x21
_FOOTER = Anchor(rb"[\x00-\xff]{7}\x00\x00[\x00-\x0f]YZ")


@frozen
class XzStream:
    """A stream that is there as a whole; the finding has its size."""

    tag: ClassVar[str] = "xz_stream"
    check: str
    blocks: int
    decoded_size: int  # bytes


@frozen
class XzHeader:
    """How a stream begins; the finding spans its header and that of the first block."""

    tag: ClassVar[str] = "xz_header"
    check: str
    filters: tuple[int, ...]  # ids, of the first block
    dictionary: int | None  # bytes


class Xz:
    """Finds xz streams anywhere, by both of their ends."""

    name = "xz"
    version = 1
    wakes_on = (Anchor(rb"\xfd7zXZ\x00\x00[\x00-\x0f]"), _FOOTER)

    def score(self, view: View, /) -> int:
        """Whether the CRC of header or footer holds."""
        data = view.read(0, HEADER)
        if len(data) < HEADER:
            return 0
        if data.startswith(MAGIC):
            return int(zlib.crc32(data[6:8]) == int.from_bytes(data[8:], "little"))
        return int(zlib.crc32(data[4:10]) == int.from_bytes(data[:4], "little"))

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        yield from self._at_end(hit) if hit.trigger == _FOOTER else self._at_start(hit)

    @staticmethod
    def _at_start(hit: Hit) -> Iterator[Said]:
        view = hit.view
        flags = view.exact(6, 2)
        check = CHECKS.get(flags[1], f"check {flags[1]}")
        size = 4 * (view.exact(HEADER, 1)[0] + 1)
        if size == 4:  # an index: a stream of nothing
            yield hit.finding(0, HEADER, XzHeader(check, (), None))
            return
        block = view.exact(HEADER, size)
        if zlib.crc32(block[:-4]) != int.from_bytes(block[-4:], "little"):
            raise Malformed(view.offset + HEADER, "the CRC of the first block's header")
        filters = tuple(_filters(block, view.offset + HEADER))
        dictionary = next((_dictionary(data) for kind, data in filters if kind == LZMA2 and data), None)
        yield hit.finding(0, HEADER + size, XzHeader(check, tuple(kind for kind, _ in filters), dictionary))
        if dictionary is not None and dictionary > DICTIONARY_MOST:
            yield Refused(0, HEADER + size, "dictionary", DICTIONARY_MOST)
        else:
            yield Region(0, None, "xz-stream", Codec("xz", decode))

    @staticmethod
    def _at_end(hit: Hit) -> Iterator[Said]:
        view = hit.view
        footer = view.exact(0, FOOTER)
        length = 4 * (int.from_bytes(footer[4:8], "little") + 1)
        if length > min(INDEX_MOST, hit.offset):
            raise Malformed(hit.offset + 4, "an index in front of the footer")
        index = view.sub(-length).exact(0, length)
        if index[0] or zlib.crc32(index[:-4]) != int.from_bytes(index[-4:], "little"):
            raise Malformed(hit.offset - length, "an index whose CRC holds")
        blocks, packed, decoded = _index(index, view)
        size = HEADER + packed + length + FOOTER
        start = FOOTER - size
        if hit.offset + start < 0 or view.sub(start).exact(0, 8) != MAGIC + footer[8:10]:
            raise Malformed(hit.offset, "a header where the index leads")
        check = CHECKS.get(footer[9], f"check {footer[9]}")
        yield hit.finding(start, size, XzStream(check, blocks, decoded))
        yield Extent(start, size, "xz", "footer, index and header agree; the CRCs of footer and index hold", "start")


def decode(view: View) -> Iterator[bytes]:
    """The bytes of the stream and of those that follow it.

    Raises:
        Malformed: a stream breaks off, or a check does not hold.
    """
    at = 0
    while True:
        unpacked = Unpacked(view.sub(at), lzma.LZMADecompressor(lzma.FORMAT_XZ, MEMORY_MOST))
        yield from unpacked.pieces()
        if not unpacked.ended:
            raise Malformed(view.offset + at + unpacked.used, "the end of the xz stream")
        at += unpacked.used
        padding = view.read(at, 4)
        end = at + PADDING_MOST
        while at < end and padding == bytes(4):
            at += 4
            padding = view.read(at, 4)
        if view.read(at, len(MAGIC)) != MAGIC:
            return
        view.part(at)


def _number(data: bytes, at: int, offset: int) -> tuple[int, int]:
    """A number of 7 bits a byte, low bits first, and where what follows it begins (section 1.2)."""
    value = 0
    for shift in range(9):
        if at + shift >= len(data):
            break
        value |= (data[at + shift] & 0x7F) << 7 * shift
        if data[at + shift] < 0x80:
            return value, at + shift + 1
    raise Malformed(offset + at, "a number of at most nine bytes")


def _filters(block: bytes, offset: int) -> Iterator[tuple[int, bytes]]:
    """(id, properties) of a block header's filters (section 3.1.5)."""
    flags, at = block[1], 2
    for bit in (0x40, 0x80):
        if flags & bit:
            _, at = _number(block, at, offset)
    for _ in range((flags & 3) + 1):
        kind, at = _number(block, at, offset)
        size, at = _number(block, at, offset)
        yield kind, block[at : at + size]
        at += size


def _dictionary(properties: bytes) -> int:
    bits = properties[0]
    return 0xFFFFFFFF if bits >= 40 else (2 | bits & 1) << bits // 2 + 11


def _index(index: bytes, view: View) -> tuple[int, int, int]:
    """How many blocks there are, their bytes packed and padded, and decoded (section 4)."""
    count, at = _number(index, 1, view.offset)
    packed = decoded = 0
    for _ in range(count):
        unpadded, at = _number(index, at, view.offset)
        size, at = _number(index, at, view.offset)
        packed += unpadded + -unpadded % 4
        decoded += size
        view.step()
    if at > len(index) - 4:
        raise Malformed(view.offset, "as many records as the index counts")
    return count, packed, decoded
