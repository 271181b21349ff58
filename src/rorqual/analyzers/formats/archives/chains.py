"""Archives that are chains: each member has the magic number, so that each wakes the probe, and the first tells of all.

Whether a header is the first shows by looking back: the nearest one before it that leads to it makes it a later one.
Looking back costs as much as the member before is large.
"""

from collections.abc import Callable

from rorqual.sdk import View

NEAR = 2048  # bytes looked back at first, and by a prefilter
FAR = 1 << 20  # bytes looked back at once
MOST = 16 << 20  # and in all: behind a larger member the source's start decides
WIDEN = 4

SizeOf = Callable[[bytes, int], int | None]  # (data, at): bytes of the member whose header is there, padding included


def follows(
    view: View, magic: bytes, back: int, header: int, size_of: SizeOf, *, most: int = MOST, unpadded: int = 0
) -> bool:
    """Whether a member ends where the view begins.

    Args:
        magic: what stands `back` bytes into each header.
        header: bytes of the fixed part of a header, at most.
        most: bytes to look back.
        unpadded: bytes of padding that a member may lack.
    """
    offset = view.offset
    whole = view.sub(-offset)
    end, window = offset, NEAR
    while end > 0 and offset - end < most:
        start = max(0, end - window)
        data = whole.read(start, min(end + header, offset) - start)
        place = len(data)
        while (place := data.rfind(magic, 0, place)) >= 0:
            at = place - back
            if at >= 0:
                size = size_of(data, at)
                if size is not None and 0 <= start + at + size - offset <= unpadded:
                    return True
            place += len(magic) - 1
            if most > NEAR:
                view.step()
        end, window = start, min(FAR, window * WIDEN)
    return False
