"""Uuencoded files in any source: "begin 644 name", lines of a length and digits, "end" (POSIX). yEnc is not handled."""

import binascii
import re
from collections.abc import Iterator
from typing import ClassVar

from rorqual.sdk import Anchor, Codec, Extent, Hit, Malformed, Region, Said, View, frozen

BLOCK = 64 << 10
LONGEST_NAME = 256
MOST_MEASURED = 64 << 20
_BEGIN = re.compile(rb"begin ([0-7]{3,4}) ([^\r\n]{1,256})\r?\n")
_END = re.compile(rb"(?:[ `]\r?\n)?end(?:\r?\n|\Z)")


@frozen
class UUFile:
    """A file that is written so. The finding spans it from its first line to its last."""

    tag: ClassVar[str] = "uuencoded_file"
    name: str
    mode: str  # octal digits
    decoded: int  # bytes
    ends: bool


class UUEncode:
    """Finds such files anywhere."""

    name = "uuencode"
    version = 1
    wakes_on = (Anchor(rb"begin [0-7]{3} "), Anchor(rb"begin 0[0-7]{3} "))

    def score(self, view: View, /) -> int:
        """A line of digits follows, as long as it says."""
        found = _BEGIN.match(view.read(0, 384))
        if found is None:
            return 0
        line = view.read(found.end(), 64)
        return int(_decoded(line.split(b"\n")[0]) is not None)

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        found = _BEGIN.match(hit.view.exact(0, 16) + hit.view.read(16, 368))
        if found is None:
            raise Malformed(hit.offset, "a line that begins a file")
        count, end, ends = 0, found.end(), False
        for place, piece in _pieces(hit.view, found.end()):
            if piece is None:
                end, ends = place, True
                break
            count, end = count + len(piece), place
            hit.view.step(1 + len(piece) // 64)
            if count > MOST_MEASURED:
                break
        if not count:
            raise Malformed(hit.offset + found.end(), "lines of digits")
        name = found[2].decode("utf-8", "replace").strip()[:LONGEST_NAME]
        yield hit.finding(0, end, UUFile(name, found[1].decode("ascii"), count, ends))
        if ends:
            yield Extent(
                0, end, "uuencode", f"{count} bytes in lines as long as they say, and the last line", "anywhere"
            )
        yield Region(0, None, "encoded", Codec("uuencode", decode), name=name)


def decode(view: View) -> Iterator[bytes]:
    """The file's bytes.

    Raises:
        Malformed: it does not begin as it should.
    """
    found = _BEGIN.match(view.read(0, 384))
    if found is None:
        raise Malformed(view.offset, "a line that begins a file")
    for _, piece in _pieces(view, found.end()):
        if piece is None:
            return
        if piece:
            yield piece


def _pieces(view: View, at: int) -> Iterator[tuple[int, bytes | None]]:
    """Where a block of lines ends, and its bytes; None for the line that ends all."""
    while True:
        data = view.read(at, BLOCK)
        lines = data.split(b"\n")
        out = bytearray()
        used = 0
        for number, line in enumerate(lines):
            last = number == len(lines) - 1
            if last and len(data) == BLOCK:
                break
            ended = _END.match(data, used)
            if ended:
                if out:
                    yield at + used, bytes(out)
                yield at + ended.end(), None
                return
            piece = _decoded(line.rstrip(b"\r"))
            if piece is None:
                if out:
                    yield at + used, bytes(out)
                return
            out += piece
            used += len(line) + (not last)
        if not used:
            return
        yield at + used, bytes(out)
        at += used
        if len(data) < BLOCK:
            return


def _decoded(line: bytes) -> bytes | None:
    """The bytes of a line; None where it is none."""
    line = line.rstrip(b"\r")
    if not line or not 0x20 <= line[0] <= 0x60:
        return None
    size = (line[0] - 0x20) & 0x3F
    need = 1 + -(-size // 3) * 4
    if size and not need - 2 <= len(line) <= need + 1:
        return None
    try:
        return binascii.a2b_uu(line[:need])
    except binascii.Error:
        return None
