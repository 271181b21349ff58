"""From a member's bytes to its content, by method; what the directory says of the content is checked at the end."""

import bz2
import lzma
import zlib
from collections.abc import Callable, Iterator
from functools import partial

from rorqual.analyzers.formats.archives.zip.ciphers import aes_stream, encoded, old_stream
from rorqual.analyzers.formats.archives.zip.deflate64 import inflate64
from rorqual.analyzers.formats.archives.zip.members import UNTOLD, Member
from rorqual.analyzers.formats.archives.zip.records import METHODS
from rorqual.sdk import Codec, Malformed, View

READ = 64 << 10
PIECE = 256 << 10  # decoded bytes handed on at once
DICTIONARY = 64 << 20  # bytes of a dictionary, at most
XZ_MEMORY = DICTIONARY + (16 << 20)
LZMA_HEADER = 4  # version of the library, and bytes of the properties (APPNOTE 5.8.8)
SLOW = 16 << 20  # bytes of what is decoded or decrypted by loops of our own


def raw(view: View, packed: int) -> Iterator[bytes]:
    """The bytes as they are stored."""
    at = 0
    while at < packed and (data := view.read(at, min(READ, packed - at))):
        at += len(data)
        yield data


def inflated(pieces: Iterator[bytes], offset: int, _: int) -> Iterator[bytes]:
    """DEFLATE."""
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    for data in pieces:
        piece = None
        while not stream.eof and (data or piece is None or len(piece) == PIECE):
            try:
                piece = stream.decompress(data, PIECE)
            except zlib.error as error:
                raise Malformed(offset, f"DEFLATE data ({error})") from error
            data = stream.unconsumed_tail  # noqa: PLW2901
            if piece:
                yield piece
        if stream.eof:
            break
    if not stream.eof:
        raise Malformed(offset, "the end of the DEFLATE stream")
    if stream.unused_data or next(pieces, b""):
        raise Malformed(offset, "the end of the member where that of its DEFLATE stream is")


def _drawn(
    stream: "bz2.BZ2Decompressor | lzma.LZMADecompressor", pieces: Iterator[bytes], offset: int
) -> Iterator[bytes]:
    """What a decoder of the standard library makes of the pieces."""
    data: bytes | None = next(pieces, None)
    while not stream.eof and data is not None:
        try:
            piece = stream.decompress(data, PIECE)
        except (OSError, lzma.LZMAError, MemoryError) as error:
            raise Malformed(offset, f"data that decodes ({error})") from error
        if piece:
            yield piece
        data = next(pieces, None) if stream.needs_input else b""


def bunzipped(pieces: Iterator[bytes], offset: int, _: int) -> Iterator[bytes]:
    """bzip2."""
    stream = bz2.BZ2Decompressor()
    yield from _drawn(stream, pieces, offset)
    if not stream.eof:
        raise Malformed(offset, "the end of the bzip2 stream")


def unxz(pieces: Iterator[bytes], offset: int, _: int) -> Iterator[bytes]:
    """XZ."""
    stream = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=XZ_MEMORY)
    yield from _drawn(stream, pieces, offset)
    if not stream.eof:
        raise Malformed(offset, "the end of the XZ stream")


def lzma_filter(head: bytes) -> dict[str, int] | None:
    """What the properties before an LZMA stream say."""
    if len(head) < LZMA_HEADER + 5 or head[2:4] != b"\5\0" or head[4] >= 225:
        return None
    lc, rest = head[4] % 9, head[4] // 9
    size = max(4096, int.from_bytes(head[5:9], "little"))
    return {"id": lzma.FILTER_LZMA1, "dict_size": size, "lc": lc, "lp": rest % 5, "pb": rest // 5}


def unlzma(pieces: Iterator[bytes], offset: int, size: int) -> Iterator[bytes]:
    """LZMA as ZIP has it: properties first; where it has no end mark it ends with `size` decoded bytes."""
    first = next(pieces, b"")
    chosen = lzma_filter(first)
    if chosen is None:
        raise Malformed(offset, "properties of an LZMA stream")
    if chosen["dict_size"] > DICTIONARY:
        raise Malformed(offset, f"a dictionary of at most {DICTIONARY} bytes")
    try:
        stream = lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=[chosen])
    except lzma.LZMAError as error:
        raise Malformed(offset, f"properties of an LZMA stream ({error})") from error
    left = size
    for piece in _drawn(stream, _joined(first[LZMA_HEADER + 5 :], pieces), offset):
        yield piece[:left]
        left -= len(piece)
        if left <= 0:
            return


def _joined(first: bytes, pieces: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from pieces


def _unstored(pieces: Iterator[bytes], _offset: int, _size: int) -> Iterator[bytes]:
    return pieces


def _inflated64(pieces: Iterator[bytes], offset: int, _: int) -> Iterator[bytes]:
    return inflate64(pieces, offset)


Decoder = Callable[[Iterator[bytes], int, int], Iterator[bytes]]
DECODERS: dict[int, Decoder] = {
    0: _unstored,
    8: inflated,
    9: _inflated64,
    12: bunzipped,
    14: unlzma,
    95: unxz,
}
OWN = (9,)  # methods decoded by loops of our own


def method_of(member: Member) -> int:
    """The method under the encryption."""
    return member.method if member.aes is None else member.aes.method


def codec(member: Member, *, password: str | None, twin: bool) -> Codec:
    """How the member becomes a stream. `twin`: it begins where another of its method ended."""
    method = method_of(member)
    name = f"zip-{METHODS.get(method, 'stored')}"
    if twin:
        name += "-again"
    if password is None and (method == 0 or method not in METHODS):
        return Codec(name if method in METHODS else "zip-stored", None)
    if password is not None:
        name += "-encrypted"
    return Codec(name, partial(decode, member=member, password=password))


def decode(view: View, *, member: Member, password: str | None) -> Iterator[bytes]:
    """The member's content; the view begins with its data.

    Raises:
        Malformed: the stream breaks, or it is not what its CRC-32 and size say.
    """
    method = method_of(member)
    if password is None:
        pieces = raw(view, member.packed)
    elif member.aes is not None:
        pieces = aes_stream(view, member.packed, encoded(password), member.aes.strength)
    else:
        pieces = old_stream(view, member.packed, encoded(password))
    crc = size = 0
    for piece in DECODERS.get(method, _unstored)(pieces, view.offset + member.packed, member.size):
        crc = zlib.crc32(piece, crc)
        size += len(piece)
        yield piece
    if member.size == UNTOLD:
        return
    if size != member.size:
        raise Malformed(view.offset + member.packed, f"{member.size} bytes, found {size}")
    if crc != member.crc and not (member.aes is not None and member.aes.version == 2):
        raise Malformed(view.offset + member.packed, f"content with the CRC-32 {member.crc:#010x}, found {crc:#010x}")
