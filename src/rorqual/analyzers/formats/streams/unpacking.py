"""Decoders of the standard library, fed from a view and held to pieces of 256 KiB."""

import bz2
import lzma
from collections.abc import Iterator

from rorqual.sdk import Malformed, View

FIRST_READ = 2 << 10
READ = 64 << 10
PIECE = 256 << 10
STEP = 16  # decoded bytes that cost as much as one read

Decompressor = bz2.BZ2Decompressor | lzma.LZMADecompressor


class Unpacked:
    """One stream being decoded; `used` and `ended` tell how far it went. `head` is read in place of what is there."""

    def __init__(self, view: View, stream: Decompressor, head: bytes = b"") -> None:
        self._view = view
        self._stream = stream
        self._head = head
        self.used = 0  # encoded bytes
        self.ended = False

    def pieces(self, most: int | None = None) -> Iterator[bytes]:
        """Decoded pieces, from at most `most` encoded bytes (None: all).

        Raises:
            Malformed: the encoding breaks.
        """
        stream, at, size = self._stream, 0, FIRST_READ
        while not stream.eof and (most is None or at < most):
            data = self._view.read(at, size if most is None else min(size, most - at))
            size = min(READ, 2 * size)
            if not data:
                break
            data = data if at else self._head + data[len(self._head) :]
            at += len(data)
            while not stream.eof and (data or not stream.needs_input):
                try:
                    piece = stream.decompress(data, PIECE)
                except (OSError, lzma.LZMAError) as error:
                    raise Malformed(self._view.offset + at, f"compressed data ({error})") from error
                data = b""
                self._view.step(len(piece) // STEP)
                if piece:
                    yield piece
        self.ended = stream.eof
        self.used = at - len(stream.unused_data) if stream.eof else at
