"""Apple disk images (UDIF): a data fork, a property list, and a trailer of 512 bytes that begins with "koly".

The trailer is told by its fixed fields and leads back to the start. The list's "blkx" tables say how blocks are
packed: raw, zlib and bzip2 become children, one for each partition; not handled: ADC, LZFSE and LZMA blocks.
Fields as in Apple's DiskImages, by use; https://newosxbook.com/DMG.html.
"""

import bz2
import re
import struct
import zlib
from base64 import b64decode
from binascii import Error as BadBase64
from collections.abc import Iterator
from functools import partial
from typing import ClassVar

from rorqual.analyzers.cavity import room
from rorqual.sdk import Anchor, Codec, Extent, Hit, Malformed, Refused, Region, Said, View, frozen

TRAILER = 512
SECTOR = 512
LARGEST_LIST = 8 << 20  # bytes of the property list
TABLE = re.compile(
    rb"<dict>((?:(?!</dict>).)*?)<key>Data</key>\s*<data>([^<]*)</data>((?:(?!</dict>).)*)</dict>", re.DOTALL
)
NAME = re.compile(rb"<key>(?:CF)?Name</key>\s*<string>([^<]*)</string>")
MOST_TABLES = 256
MOST_BLOCKS = 200_000
ZEROS, RAW, IGNORED, ADC, ZLIB, BZIP2, LZFSE, LZMA = 0, 1, 2, 0x80000004, 0x80000005, 0x80000006, 0x80000007, 0x80000008
COMMENT, LAST = 0x7FFFFFFE, 0xFFFFFFFF
METHODS = {RAW: "raw", ADC: "ADC", ZLIB: "zlib", BZIP2: "bzip2", LZFSE: "LZFSE", LZMA: "LZMA"}
DECODED = (ZEROS, RAW, IGNORED, ZLIB, BZIP2)
PIECE = 1 << 20
HOLLOW = 1 << 30  # bytes of zeros that any partition may be made of
HOLLOW_RATIO = 200  # times the bytes that are stored
LARGEST_BLOCK = 64 << 20  # bytes of a block, packed

Block = tuple[int, int, int, int]  # kind, bytes of it, place and size as stored (from the table's first place)


@frozen
class DMGImage:
    """An image; the finding has its trailer."""

    tag: ClassVar[str] = "dmg_image"
    version: int
    start: int  # of the image in the source
    data: int  # bytes of the data fork
    sectors: int  # of 512 bytes
    segments: int
    partitions: tuple[str, ...]
    methods: tuple[str, ...]
    signed: bool  # whether there is a code signature


class DMG:
    """Finds trailers anywhere."""

    name = "dmg"
    version = 1
    wakes_on = (Anchor(rb"koly\x00\x00\x00\x04\x00\x00\x02\x00"),)

    def score(self, view: View, /) -> int:
        """Whole, and not longer than what is before it."""
        head = view.read(0, TRAILER)
        return int(len(head) == TRAILER and int.from_bytes(head[32:40], "big") <= view.offset)

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        head = view.exact(0, TRAILER)
        fork, size = struct.unpack_from(">QQ", head, 24)
        place, length = struct.unpack_from(">QQ", head, 216)
        signature, signed = struct.unpack_from(">QQ", head, 296)
        end = max(fork + size, place + length, signature + signed)
        if end > view.offset or not 0 < length <= LARGEST_LIST:
            raise Malformed(view.offset + 216, "forks that lie before the trailer")
        back = -end
        image = view.sub(back)
        text = image.exact(place, length)
        if b"<plist" not in text[:512] and b"<?xml" not in text[:64]:
            raise Malformed(image.offset + place, "a property list")
        tables = list(_tables(text))
        names = tuple(name for name, _ in tables)
        kinds = sorted({block[0] for _, blocks in tables for block in blocks})
        methods = tuple(METHODS[kind] for kind in kinds if kind in METHODS)
        (segments,) = struct.unpack_from(">I", head, 60)
        (sectors,) = struct.unpack_from(">Q", head, 492)
        body = DMGImage(4, image.offset, size, sectors, segments, names, methods, signed > 0)
        yield hit.finding(0, TRAILER, body)
        if not tables or any(at + stored > size for _, blocks in tables for _, _, at, stored in blocks):
            raise Malformed(image.offset + place, "tables of blocks that lie in the data fork")
        proof = "the trailer leads to a property list whose blocks lie in the data fork"
        yield Extent(back, end + TRAILER, "dmg", proof, "end")
        for name, blocks in tables:
            yield from _child(hit, name, blocks, back + fork)
        yield from _between(hit, back, [(fork, size), (place, length), (signature, signed)], end)


def _between(hit: Hit, back: int, parts: list[tuple[int, int]], end: int) -> Iterator[Said]:
    """Room between the forks and the list."""
    at = 0
    for start, size in [*sorted(part for part in parts if part[1]), (end, 0)]:
        if start > at:
            yield from room(hit, back + at, start - at, "dmg", "unused")
        at = max(at, start + size)


def _tables(text: bytes) -> Iterator[tuple[str, list[Block]]]:
    """(partition's name, blocks) of the list's "blkx" tables."""
    start = text.find(b"<key>blkx</key>")
    end = text.find(b"</array>", start)
    if start < 0 or end < 0:
        return
    for number, match in enumerate(TABLE.finditer(text, start, end)):
        if number >= MOST_TABLES:
            return
        try:
            data = b64decode(match[2])
        except BadBase64:
            continue
        name = NAME.search(match[3]) or NAME.search(match[1])
        if data[:4] == b"mish" and len(data) >= 204:
            yield (name[1].decode("utf-8", "replace") if name else ""), list(_blocks(data))


def _blocks(data: bytes) -> Iterator[Block]:
    (base,) = struct.unpack_from(">Q", data, 24)
    (count,) = struct.unpack_from(">I", data, 200)
    for at in range(204, min(204 + 40 * min(count, MOST_BLOCKS), len(data) - 39), 40):
        kind, _, _, sectors, place, stored = struct.unpack_from(">IIQQQQ", data, at)
        if kind == LAST:
            return
        if kind != COMMENT:
            yield kind, sectors * SECTOR, base + place, stored


def _child(hit: Hit, name: str, blocks: list[Block], fork: int) -> Iterator[Said]:
    """The partition that a table's blocks make."""
    stored = [block for block in blocks if block[3] and block[0] not in (ZEROS, IGNORED)]
    if not stored:
        return
    start = min(place for _, _, place, _ in stored)
    zeros = sum(size for kind, size, *_ in blocks if kind in (ZEROS, IGNORED))
    if zeros > max(HOLLOW, HOLLOW_RATIO * sum(size for _, size, *_ in stored)):
        yield Refused(fork + start, max(place + size for _, _, place, size in stored) - start, "ratio", HOLLOW_RATIO)
        return
    if any(kind not in DECODED for kind, *_ in blocks):
        end = max(place + size for _, _, place, size in stored)
        yield Refused(fork + start, end - start, "method", 0)
        return
    moved = tuple((kind, size, place - start, length) for kind, size, place, length in blocks)
    yield Region(fork + start, None, "dmg-partition", Codec("dmg", partial(decode, blocks=moved)), name=name or None)


def decode(view: View, *, blocks: tuple[Block, ...]) -> Iterator[bytes]:
    """A partition from its blocks, whose places count from the view's start.

    Raises:
        Malformed: a block does not decode, or to another size.
    """
    for kind, size, place, stored in blocks:
        if kind in (ZEROS, IGNORED):
            for at in range(0, size, PIECE):
                yield bytes(min(PIECE, size - at))
        elif kind == RAW:
            for at in range(0, stored, PIECE):
                yield view.exact(place + at, min(PIECE, stored - at))
        else:
            yield from _unpacked(view, kind, size, place, stored)


def _unpacked(view: View, kind: int, size: int, place: int, stored: int) -> Iterator[bytes]:
    if stored > LARGEST_BLOCK:
        raise Malformed(view.offset + place, "a block of an ordinary size")
    done = 0
    try:
        for piece in (_inflated if kind == ZLIB else _bunzipped)(view, place, stored):
            done += len(piece)
            if done > size:
                break
            yield piece
    except (zlib.error, OSError) as error:
        raise Malformed(view.offset + place, f"a block that decodes ({error})") from error
    if done != size:
        raise Malformed(view.offset + place, f"a block of {size} bytes")


def _inflated(view: View, place: int, stored: int) -> Iterator[bytes]:
    stream = zlib.decompressobj()
    for at in range(0, stored, PIECE):
        data = view.exact(place + at, min(PIECE, stored - at))
        while data and not stream.eof:
            yield stream.decompress(data, PIECE)
            data = stream.unconsumed_tail


def _bunzipped(view: View, place: int, stored: int) -> Iterator[bytes]:
    stream = bz2.BZ2Decompressor()
    for at in range(0, stored, PIECE):
        if stream.eof:
            return
        yield stream.decompress(view.exact(place + at, min(PIECE, stored - at)), PIECE)
        while not stream.needs_input and not stream.eof:
            yield stream.decompress(b"", PIECE)
