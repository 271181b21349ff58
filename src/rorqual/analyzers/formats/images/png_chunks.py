"""Chunks of PNG, MNG and JNG (PNG specification, third edition, section 5): a length, a type of four letters, data
and the CRC-32 of type and data, all big-endian."""

import re
from collections.abc import Iterator
from typing import NamedTuple
from zlib import crc32

from rorqual.sdk import Malformed, View

NAME = re.compile(rb"[A-Za-z]{4}")
LONGEST = (1 << 31) - 1  # section 5.3
CHECKED = 1 << 20  # bytes of one structure whose CRCs are computed
BLOCK = 256 << 10
MOST = 1 << 20  # chunks of one structure


class Chunk(NamedTuple):
    """One chunk; `at` is that of its data."""

    type: bytes
    at: int
    size: int
    stored: int  # the CRC
    computed: int | None  # None: not looked at, there was too much

    @property
    def end(self) -> int:
        """Just past the CRC."""
        return self.at + self.size + 4


def chunks(view: View, at: int) -> Iterator[Chunk]:
    """The chunks from `at` on, as far as they go; one that is cut is not among them."""
    left, head = CHECKED, view.read(at, 8)
    for _ in range(MOST):
        size = int.from_bytes(head[:4], "big")
        if len(head) < 8 or size > LONGEST or not NAME.fullmatch(head[4:8]):
            return
        view.step()
        checked = size <= left
        if checked and size <= BLOCK:
            data = view.read(at + 8, size + 12)
            crc, tail = crc32(data[:size], crc32(head[4:8])), data[size:]
        else:
            crc = _crc(view, at + 8, size, crc32(head[4:8])) if checked else 0
            tail = view.read(at + 8 + size, 12)
        if len(tail) < 4:
            return
        left -= size if checked else 0
        yield Chunk(head[4:8], at + 8, size, int.from_bytes(tail[:4], "big"), crc if checked else None)
        at, head = at + 12 + size, tail[4:12]
    raise Malformed(view.offset + at, f"at most {MOST} chunks")


def _crc(view: View, at: int, size: int, crc: int) -> int:
    for block in range(at, at + size, BLOCK):
        crc = crc32(view.read(block, min(BLOCK, at + size - block)), crc)
    return crc
