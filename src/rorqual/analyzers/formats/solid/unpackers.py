"""Decoders that take the pieces of one stream and make those of another, none larger than 256 KiB."""

import bz2
import lzma
import zlib
from collections.abc import Iterator

from rorqual.sdk import Malformed, View

PIECE = 256 << 10
READ = 64 << 10


def read_through(view: View, at: int, size: int) -> Iterator[bytes]:
    """The bytes as they are."""
    end = at + size
    while at < end:
        data = view.read(at, min(READ, end - at))
        if not data:
            return
        at += len(data)
        yield data


def checked(pieces: Iterator[bytes], checks: list[tuple[int, int | None]], offset: int) -> Iterator[bytes]:
    """Passes pieces on and compares the CRCs of the files in them."""
    waiting = iter(checks)
    left, crc = next(waiting, (0, None))
    value = 0
    for piece in pieces:
        at = 0
        while left and at < len(piece):
            part = piece[at : at + left]
            value, at, left = zlib.crc32(part, value), at + len(part), left - len(part)
            if not left:
                if crc is not None and value != crc:
                    yield piece
                    raise Malformed(offset, f"a file with the CRC {crc:#010x}, not {value:#010x}")
                (left, crc), value = next(waiting, (0, None)), 0
        yield piece
    if left:
        raise Malformed(offset, f"{left} bytes more of a file")


def unlzma(pieces: Iterator[bytes], filters: list[dict[str, int]], size: int, offset: int) -> Iterator[bytes]:
    """What a raw chain of the lzma module decodes to, `size` bytes of it."""
    try:
        stream = lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=filters)
    except (lzma.LZMAError, ValueError) as error:
        raise Malformed(offset, f"LZMA properties ({error})") from error
    left = size
    for data in pieces:
        given = data
        while left and not stream.eof:
            try:
                piece = stream.decompress(given, min(PIECE, left))
            except lzma.LZMAError as error:
                raise Malformed(offset, f"LZMA data ({error})") from error
            given = b""
            left -= len(piece)
            if piece:
                yield piece
            elif stream.needs_input:
                break
        if not left or stream.eof:
            return


def filtered(pieces: Iterator[bytes], first: dict[str, int], size: int, offset: int) -> Iterator[bytes]:
    """Undoes a filter of the lzma module, which has them behind LZMA2 only: what is plain becomes chunks of that."""
    yield from unlzma(_chunked(pieces), [first, {"id": lzma.FILTER_LZMA2, "dict_size": 1 << 16}], size, offset)


def _chunked(pieces: Iterator[bytes]) -> Iterator[bytes]:
    for piece in pieces:
        for at in range(0, len(piece), 1 << 16):
            part = piece[at : at + (1 << 16)]
            yield b"\x01" + (len(part) - 1).to_bytes(2, "big") + part
    yield b"\0"


def cut(pieces: Iterator[bytes], size: int) -> Iterator[bytes]:
    """The first `size` bytes."""
    for piece in pieces:
        part = piece[:size]
        size -= len(part)
        if part:
            yield part
        if not size:
            return


def bunzipped(pieces: Iterator[bytes], size: int, offset: int) -> Iterator[bytes]:
    """bzip2 streams in a row."""
    stream = bz2.BZ2Decompressor()
    for data in pieces:
        given = data
        while size:
            if stream.eof:
                given = stream.unused_data + given
                stream = bz2.BZ2Decompressor()
            if not given and stream.needs_input:
                break
            try:
                piece = stream.decompress(given, min(PIECE, size))
            except OSError as error:
                raise Malformed(offset, f"bzip2 data ({error})") from error
            given = b""
            size -= len(piece)
            if piece:
                yield piece
        if not size:
            return


def inflated(pieces: Iterator[bytes], size: int, offset: int) -> Iterator[bytes]:
    """A bare DEFLATE stream."""
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    for data in pieces:
        given, piece = data, b"-"
        while size and not stream.eof and (given or piece):
            try:
                piece = stream.decompress(given, min(PIECE, size))
            except zlib.error as error:
                raise Malformed(offset, f"DEFLATE data ({error})") from error
            given = stream.unconsumed_tail
            size -= len(piece)
            if piece:
                yield piece
        if not size or stream.eof:
            return
