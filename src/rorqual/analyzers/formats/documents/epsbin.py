"""Encapsulated PostScript with a binary header: where the program and its previews lie, a preview in WMF or TIFF.

Adobe Technical Note 5002, "Encapsulated PostScript File Format Specification", appendix on device-specific previews.
"""

from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.documents.scanner import busy
from rorqual.sdk import Anchor, Anomaly, Codec, Extent, Hit, Malformed, Region, Room, Said, View, frozen

HEADER = 30
LEAST_ROOM = 8
NO_SUM = 0xFFFF


@frozen
class EPSBinary:
    """A file of program and previews; the finding spans all."""

    tag: ClassVar[str] = "eps_binary"
    program: tuple[int, int]  # place and size, as stored
    metafile: tuple[int, int]
    tiff: tuple[int, int]
    sum_holds: bool | None  # of the header; None: there is none


class EPSBin:
    """Finds them anywhere."""

    name = "epsbin"
    version = 1
    wakes_on = (Anchor(rb"\xc5\xd0\xd3\xc6[\x00-\xff]{3}[\x00-\x7f]"),)

    def score(self, view: View, /) -> int:
        """The program begins behind the header."""
        at = int.from_bytes(view.read(4, 4), "little")
        return int(at >= HEADER and view.read(at, 4) == b"%!PS")

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        head = hit.view.exact(0, HEADER)
        numbers = [int.from_bytes(head[at : at + 4], "little") for at in range(4, 28, 4)]
        parts = [(at, size) for at, size in zip(numbers[::2], numbers[1::2], strict=True) if size]
        stored = int.from_bytes(head[28:30], "little")
        summed = 0
        for at in range(0, 28, 2):
            summed ^= int.from_bytes(head[at : at + 2], "little")
        program, metafile, tiff = zip(numbers[::2], numbers[1::2], strict=True)
        if hit.view.read(program[0], 4) != b"%!PS" or not program[1]:
            raise Malformed(hit.offset + program[0], "a PostScript program")
        end = max(at + size for at, size in parts)
        size = hit.view.within(0, end)
        holds = None if stored == NO_SUM else stored == summed
        yield hit.finding(0, size, EPSBinary(program, metafile, tiff, holds))
        if size == end:
            yield Extent(0, size, "epsbin", "header, and the program it leads to")
        at = HEADER
        for start, length in [*sorted(parts), (end, 0)]:
            if start - at >= LEAST_ROOM and start <= size and busy(hit.view, at, start - at):
                yield hit.finding(at, start - at, Room("epsbin", "unused"))
            at = max(at, start + length)
        if holds is False:
            yield hit.finding(28, 2, Anomaly("header_sum_wrong", f"stored {stored:#x}, computed {summed:#x}"))
        for (start, length), codec in ((metafile, "wmf"), (tiff, "tiff")):
            if length and start < size:
                yield Region(start, min(length, size - start), "eps-preview", Codec(codec, None), name="preview")
