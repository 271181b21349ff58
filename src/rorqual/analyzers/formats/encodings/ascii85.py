"""Ascii85 between "<~" and "~>" in any source, as Adobe's tools write it; Z85 is not handled."""

import re
from collections.abc import Iterator

from rorqual.analyzers.formats.documents.pdf_filters import ascii85, raw
from rorqual.analyzers.formats.encodings.proof import EncodedRun, kind_of
from rorqual.sdk import Anchor, Codec, Hit, Malformed, Region, Said, View

LEAST = 64  # digits
MOST = 16 << 20  # bytes in which the end must come
BLOCK = 64 << 10
LOOKED = 4096
_DIGITS = re.compile(rb"<~[!-uz\s]{64}")
_OTHER = re.compile(rb"[^!-uz\s]")


class Ascii85:
    """Finds what is written so."""

    name = "ascii85"
    version = 1
    wakes_on = (Anchor(rb"<~[!-uz]{20}"),)

    def score(self, view: View, /) -> int:
        """More digits follow."""
        return int(_DIGITS.match(view.read(0, 2 + LEAST)) is not None)

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        size, lines = _size(hit.view)
        head, count = b"", 0
        for piece in ascii85(raw(hit.view, size), hit.offset):
            hit.view.step(1 + len(piece) // 64)
            head = head if len(head) >= LOOKED else head + piece
            count += len(piece)
        holds = kind_of(head[:LOOKED])
        if holds == "data" and size < 4 * LEAST:
            raise Malformed(hit.offset, "something known in so few digits")
        yield hit.finding(0, size, EncodedRun("ascii85", holds, count, lines, "<~"))
        yield Region(0, None, "encoded", Codec("ascii85", decode))


def decode(view: View) -> Iterator[bytes]:
    """The bytes that the digits write."""
    yield from ascii85(raw(view, MOST), view.offset)


def _size(view: View) -> tuple[int, int]:
    """Bytes up to "~>", and lines."""
    at, lines = 2, 1
    while at < MOST:
        data = view.read(at, BLOCK)
        other = _OTHER.search(data)
        if other:
            if view.read(at + other.start(), 2) != b"~>":
                raise Malformed(view.offset + at + other.start(), "digits up to the end mark")
            return at + other.start() + 2, lines + data.count(b"\n", 0, other.start())
        if len(data) < BLOCK:
            break
        lines += data.count(b"\n")
        at += len(data)
    raise Malformed(view.offset + at, "the end mark")
