"""ILDA laser frames: sections with a header of 32 bytes, "ILDA", until one of no records; big-endian.

ILDA Image Data Transfer Format, revision 11. The points are not looked into.
"""

from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.images.walking import Found, latin
from rorqual.sdk import Anchor, Extent, Hit, Malformed, Said, View, frozen

HEADER = 32
RECORDS = {0: 8, 1: 6, 2: 3, 4: 10, 5: 8}  # bytes of one, by the section's format
PALETTE, COLOURS = 2, 256
MOST = 1 << 16  # sections
LOOKED_BACK = 4096  # bytes: more than a palette has


@frozen
class ILDAFrames:
    """A sequence of frames; the finding spans the sections that are there."""

    tag: ClassVar[str] = "ilda_frames"
    frames: int
    palettes: int
    points: int
    name: str
    company: str
    ended: bool


class ILDA:
    """Finds ILDA sequences anywhere; those that another leads to belong to that one."""

    name = "ilda"
    version = 1
    wakes_on = (Anchor(rb"ILDA\x00\x00\x00[\x00-\x05]"),)

    def score(self, view: View, /) -> int:
        """A format there is."""
        return int(view.read(7, 1) in (b"\0", b"\1", b"\2", b"\4", b"\5"))

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view, at = hit.view, 0
        if _inside(view):
            return
        frames = palettes = points = 0
        name = company = ""
        ended, cut, end = False, False, 0
        found, waiting = Found("ilda"), (0, 0, b"")  # (at, size, number) of a palette that no frame has followed
        for _ in range(MOST):
            head = view.read(at, HEADER)
            view.step()
            if len(head) < HEADER or head[:7] != b"ILDA\0\0\0" or head[7] not in RECORDS:
                break
            count = int.from_bytes(head[24:26], "big")
            end = at + HEADER
            if not count:
                ended = True
                break
            size = count * RECORDS[head[7]]
            if not view.holds(end + size - 1):
                end, cut = end + view.within(end, size), True
                break
            if head[7] == PALETTE:
                palettes += 1
                if waiting[2] == head[26:28] or waiting[1] > COLOURS * RECORDS[PALETTE]:
                    found.room(*waiting[:2], "unused")
                waiting = end, size, head[26:28]
            else:
                frames, points, waiting = frames + 1, points + count, (0, 0, b"")
            name, company = name or latin(head[8:16]), company or latin(head[16:24])
            at = end = end + size
        if not frames + palettes or (not ended and frames + palettes + cut < 2):
            raise Malformed(hit.offset + end, "sections with records")
        yield hit.finding(0, end, ILDAFrames(frames, palettes, points, name, company, ended))
        if frames and not cut and (ended or not view.holds(end)):
            how = "the empty one" if ended else "the end of the source"
            yield Extent(0, end, "ilda", f"{frames + palettes} sections lead to {how}")
            yield from found.said(hit)


def _inside(view: View) -> bool:
    """Whether a section that stands before leads here: told by the number of the frame, or by a short one."""
    number = int.from_bytes(view.read(26, 2), "big")
    if number and view.read(7, 1) != bytes([PALETTE]):
        return True
    back = min(LOOKED_BACK, view.offset)
    before = view.sub(-back).read(0, back)
    at = before.rfind(b"ILDA\0\0\0")
    while at >= 0:
        view.step()
        head = before[at : at + HEADER]
        if len(head) == HEADER and head[7] in RECORDS:
            size = int.from_bytes(head[24:26], "big") * RECORDS[head[7]]
            if size and at + HEADER + size == back:
                return True
        at = before.rfind(b"ILDA\0\0\0", 0, at)
    return False
