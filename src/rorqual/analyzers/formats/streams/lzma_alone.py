"""LZMA "alone", the format before xz: a byte of properties, the dictionary's size, the content's size, LZMA data.

https://svn.python.org/projects/external/xz-5.0.3/doc/lzma-file-format.txt. There is no magic number:
14 bytes such as encoders write them wake the probe, and decoding is the proof. Not handled: streams of known size with
properties other than the usual ones (lc 3, lp 0, pb 2).
"""

import lzma
from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.streams.unpacking import Unpacked
from rorqual.sdk import Anchor, Codec, Extent, Hit, Malformed, Refused, Region, Said, View, frozen

HEADER = 13
UNKNOWN = (1 << 64) - 1
LARGEST = 1 << 38  # bytes of content that are believed
DICTIONARY_MOST = 64 << 20
MEMORY_MOST = 96 << 20
TRIED = 1 << 20  # encoded bytes decoded as proof
TRIED_OUTPUT = 16 << 20
SHORT = 64  # encoded bytes
LEAST = 512  # encoded bytes that prove a beginning elsewhere than at the start of the source


@frozen
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
    """Finds LZMA streams anywhere."""

    name = "lzma"
    version = 1
    wakes_on = (
        Anchor(rb"[\x00-\xe0]\x00[\x00-\xff]{2}[\x00-\xff]\xff{8}\x00"),
        Anchor(rb"\x5d\x00[\x00-\xff]{2}[\x00-\x80][\x00-\xff]{5}\x00{4}"),
    )

    def score(self, view: View, /) -> int:
        return int(plausible(view.read(0, HEADER + 1)))

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        head = view.exact(0, HEADER + 1)
        if not plausible(head):
            raise Malformed(hit.offset, "a header such as encoders write")
        bits, dictionary = head[0], int.from_bytes(head[1:5], "little")
        size = int.from_bytes(head[5:13], "little")
        facts = bits % 9, bits // 9 % 5, bits // 45, dictionary, None if size == UNKNOWN else size
        tried, decoded = _unpacked(view), 0
        for piece in tried.pieces(TRIED):
            decoded += len(piece)
            if decoded > TRIED_OUTPUT:
                break
        if tried.ended and tried.used < SHORT and (hit.offset or view.holds(tried.used)):
            raise Malformed(
                hit.offset, f"{SHORT} encoded bytes: fewer decode by chance, unless they are a whole source"
            )
        if tried.ended and decoded:
            yield hit.finding(0, tried.used, LzmaStream(*facts, f"decodes to its end, {decoded} bytes"))
            yield Extent(0, tried.used, "lzma", f"decodes to its end, {decoded} bytes", "start")
            yield Region(0, tried.used, "lzma-stream", Codec("lzma", decode))
        elif decoded and (not hit.offset or tried.used >= LEAST):
            yield hit.finding(0, HEADER, LzmaStream(*facts, f"the first {decoded} bytes decode"))
            if min(dictionary, size) > DICTIONARY_MOST:
                yield Refused(0, tried.used, "dictionary", DICTIONARY_MOST)
                return
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
    unpacked = _unpacked(view)
    yield from unpacked.pieces()
    if not unpacked.ended:
        raise Malformed(view.offset + unpacked.used, "the end of the LZMA stream")


def _unpacked(view: View) -> Unpacked:
    """The stream being decoded, with a dictionary of at most 64 MiB: no content smaller than that needs more."""
    head = view.exact(0, HEADER)
    dictionary = min(int.from_bytes(head[1:5], "little"), DICTIONARY_MOST)
    head = head[:1] + dictionary.to_bytes(4, "little") + head[5:]
    return Unpacked(view, lzma.LZMADecompressor(lzma.FORMAT_ALONE, MEMORY_MOST), head)
