"""PCX images: a header of 128 bytes, rows under a run-length code, a palette behind them; little-endian.

ZSoft Technical Reference Manual, revision 5. The rows are decoded to tell where they end.
"""

from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.images.walking import Found
from rorqual.sdk import Anchor, Extent, Hit, Malformed, Said, View, frozen

HEADER = 128
PALETTE = 768
READ = 32 << 10
MOST = 64 << 20  # decoded bytes


@frozen
class PCXImage:
    """An image; the finding spans it up to its palette's end."""

    tag: ClassVar[str] = "pcx_image"
    version: int
    width: int
    height: int
    depth: int  # bits a sample
    planes: int
    palette: bool  # of 256 colours, behind the rows


class PCX:
    """Finds PCX images anywhere."""

    name = "pcx"
    version = 1
    wakes_on = (
        Anchor(
            rb"\x0a[\x00\x02-\x05]\x01[\x01\x02\x04\x08][\x00-\xff][\x00-\x0f][\x00-\xff][\x00-\x0f][\x00-\xff][\x00-\x1f][\x00-\xff][\x00-\x1f]"
        ),
    )

    def score(self, view: View, /) -> int:
        """Rows of even length that hold the width, and what is reserved is zero."""
        head = view.read(0, 70)
        return int(len(head) == 70 and _rows(head) is not None)

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view, found = hit.view, Found("pcx")
        head = view.exact(0, HEADER)
        rows = _rows(head)
        if rows is None or rows[1] > MOST:
            raise Malformed(hit.offset, "the header of a picture")
        (width, height), total = rows
        end = _decoded_end(view, total, head[65] * int.from_bytes(head[66:68], "little"))
        if head[74:].strip(b"\0"):
            found.room(74, HEADER - 74, "unused")
        palette = head[3] == 8 and head[65] == 1 and view.read(end, 1) == b"\x0c" and view.holds(end + PALETTE)
        if palette:
            end += 1 + PALETTE
        yield hit.finding(0, end, PCXImage(head[1], width, height, head[3], head[65], palette))
        yield Extent(0, end, "pcx", f"runs of {total} bytes fill {height} rows")
        yield from found.said(hit)


def _rows(head: bytes) -> tuple[tuple[int, int], int] | None:
    """((width, height), bytes of all rows); None where the header is none."""
    left, top, right, bottom = (int.from_bytes(head[at : at + 2], "little") for at in range(4, 12, 2))
    planes, line = head[65], int.from_bytes(head[66:68], "little")
    width, height = right - left + 1, bottom - top + 1
    sound = (
        head[64] == 0
        and 1 <= planes <= 4
        and width > 0
        and height > 0
        and (width * head[3] + 7) // 8 <= line <= (width * head[3] + 7) // 8 + 4
        and head[68] <= 2
        and head[69] == 0
    )
    return ((width, height), planes * line * height) if sound else None


def _decoded_end(view: View, total: int, line: int) -> int:
    """Where the runs that make so many bytes end.

    Raises:
        Malformed: they make too many, or break off.
    """
    at, made = HEADER, 0
    while made < total:
        data = view.read(at, READ)
        place, size = 0, len(data)
        while place < size and made < total:
            first = data[place]
            if first < 0xC0:
                made += 1
            elif place + 1 < size:
                made += first & 63
                place += 1
            else:
                break
            place += 1
        view.step(place // 8 + 1)
        if not place:
            raise Malformed(view.offset + at, f"runs of {total} bytes, found {made}")
        at += place
    if made - total > 63 or made - total >= line:
        raise Malformed(view.offset + at, f"runs of {total} bytes, found {made}")
    return at
