"""LZMA "alone", the format before xz: a byte of properties, the dictionary's size, the content's size, LZMA data.

https://svn.python.org/projects/external/xz-5.0.3/doc/lzma-file-format.txt. There is no magic number: a source, or what
lies between claimed extents, is looked at when its first 14 bytes are what encoders write, and decoding is the proof.
Not handled: streams elsewhere.
"""

import lzma
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from rorqual.analyzers.formats.streams.unpacking import Unpacked
from rorqual.sdk import Codec, Extent, Hit, Kind, Malformed, Refused, Region, Said, View

HEADER = 13
UNKNOWN = (1 << 64) - 1
LARGEST = 1 << 38  # bytes of content that are believed
DICTIONARY_MOST = 64 << 20
MEMORY_MOST = 96 << 20
TRIED = 1 << 20  # encoded bytes decoded as proof
TRIED_OUTPUT = 16 << 20
LEAST = 64  # decoded bytes that prove a beginning


@dataclass(frozen=True, slots=True)
class LzmaStream:
    """A stream; the finding has its size where the proof reached the end."""

    tag: ClassVar[str] = "lzma_stream"
    lc: int  # bits of the byte before that a literal depends on
    lp: int
    pb: int
    dictionary: int  # bytes
    decoded_size: int | None  # bytes, as stored
    proof: str


class LzmaAlone:
    """Finds LZMA streams at the start of sources and of gaps."""

    name = "lzma"
    version = 1
    wakes_on = (Kind("start"), Kind("gap"))

    def score(self, view: View, /) -> int:
        return 1

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        head = view.read(0, HEADER + 1)
        if not plausible(head):
            return
        bits, dictionary = head[0], int.from_bytes(head[1:5], "little")
        size = int.from_bytes(head[5:13], "little")
        facts = bits % 9, bits // 9 % 5, bits // 45, dictionary, None if size == UNKNOWN else size
        if dictionary > DICTIONARY_MOST:
            yield Refused(0, HEADER, "dictionary", DICTIONARY_MOST)
            return
        tried = Unpacked(view, lzma.LZMADecompressor(lzma.FORMAT_ALONE, MEMORY_MOST))
        decoded = 0
        for piece in tried.pieces(TRIED):
            decoded += len(piece)
            if decoded > TRIED_OUTPUT:
                break
        if tried.ended and decoded:
            yield hit.finding(0, tried.used, LzmaStream(*facts, f"decodes to its end, {decoded} bytes"))
            yield Extent(0, tried.used, "lzma", f"decodes to its end, {decoded} bytes", "start")
            yield Region(0, tried.used, "lzma-stream", Codec("lzma", decode))
        elif decoded >= LEAST and tried.used >= LEAST:
            yield hit.finding(0, HEADER, LzmaStream(*facts, f"the first {decoded} bytes decode"))
            yield Region(0, None, "lzma-stream", Codec("lzma", decode))


def plausible(head: bytes) -> bool:
    """Whether encoders write such a header: a dictionary of 2^n or 2^n + 2^(n-1), a size that may be, a first zero."""
    if len(head) <= HEADER or head[0] >= 225 or head[HEADER]:
        return False
    dictionary, size = int.from_bytes(head[1:5], "little"), int.from_bytes(head[5:13], "little")
    if dictionary < 4096 or (not 0 < size <= LARGEST and size != UNKNOWN):
        return False
    lowest = dictionary & -dictionary
    return dictionary in (lowest, 3 * lowest, 0xFFFFFFFF) and head[0] % 9 + head[0] // 9 % 5 <= 4


def decode(view: View) -> Iterator[bytes]:
    """The stream.

    Raises:
        Malformed: it breaks off.
    """
    unpacked = Unpacked(view, lzma.LZMADecompressor(lzma.FORMAT_ALONE, MEMORY_MOST))
    yield from unpacked.pieces()
    if not unpacked.ended:
        raise Malformed(view.offset + unpacked.used, "the end of the LZMA stream")
