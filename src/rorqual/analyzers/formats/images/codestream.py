"""Codestreams of JPEG 2000 (ITU-T T.800 annex A): markers from SOC to EOC, big-endian. Tile-parts tell their size."""

from typing import NamedTuple

from rorqual.sdk import Malformed, View

SIZ, COM, SOT, EOC = 0xFF51, 0xFF64, 0xFF90, 0xFFD9
MOST = 1 << 18  # markers and tile-parts
LOOKED = 64 << 10
SEARCHED = 64 << 20  # bytes of a last tile-part of unsaid size in which EOC is looked for


class Codestream(NamedTuple):
    """What its main header tells, and where it ends."""

    width: int
    height: int
    components: int
    tiles: int  # tile-parts
    comments: tuple[tuple[int, int], ...]  # (at, size) of their content
    comment: bytes
    end: int


def codestream(view: View, at: int) -> Codestream:
    """The codestream whose SOC is at `at`.

    Raises:
        Malformed: it does not lead to EOC.
    """
    head = view.exact(at, 42)
    if head[:4] != b"\xff\x4f\xff\x51":
        raise Malformed(view.offset + at, "SOC and SIZ")
    numbers = [int.from_bytes(head[place : place + 4], "big") for place in range(8, 40, 4)]
    components = int.from_bytes(head[40:42], "big")
    if int.from_bytes(head[4:6], "big") != 38 + 3 * components or not 0 < components <= 16_384:
        raise Malformed(view.offset + at + 4, "a size of SIZ that fits its components")
    width, height = numbers[0] - numbers[2], numbers[1] - numbers[3]
    if width <= 0 or height <= 0 or 0 in numbers[4:6]:
        raise Malformed(view.offset + at + 8, "sides of a picture")
    comments: list[tuple[int, int]] = []
    comment, tiles = b"", 0
    at += 2
    for _ in range(MOST):
        view.step()
        head = view.exact(at, 4) if tiles == 0 else view.exact(at, 2)
        marker, size = int.from_bytes(head[:2], "big"), int.from_bytes(head[2:], "big")
        if marker == SOT:
            part = int.from_bytes(view.exact(at + 6, 4), "big")
            tiles += 1
            if part == 0:
                at = _eoc(view, at + 12)
            elif part < 14:
                raise Malformed(view.offset + at + 6, "a tile-part's size")
            else:
                at += part
        elif marker == EOC and tiles:
            return Codestream(width, height, components, tiles, tuple(comments), comment, at + 2)
        elif not tiles and marker >> 8 == 0xFF and size >= 2:
            if marker == COM:
                comments = comments[:255] + [(at + 6, size - 4)]
                comment = comment or view.read(at + 6, min(size - 4, 256))
            at += 2 + size
        else:
            raise Malformed(view.offset + at, "a marker")
    raise Malformed(view.offset + at, "EOC")


def _eoc(view: View, at: int) -> int:
    """The place of EOC behind a tile-part of unsaid size: no other FF in it is followed by a byte over 8F."""
    start = at
    while at - start < SEARCHED:
        data = view.read(at, LOOKED)
        found = data.find(b"\xff\xd9")
        if found >= 0:
            return at + found
        if len(data) < LOOKED:
            break
        at += LOOKED - 1
    raise Malformed(view.offset + start, "EOC")
