"""romfs: "-rom1fs-", a size, a sum of the first 512 bytes, a name, then file headers that lead to each other.

The kernel's Documentation/filesystems/romfs.rst. Big-endian. Files become children.
"""

from collections.abc import Iterator
from typing import ClassVar

from rorqual.sdk import Anchor, Codec, Extent, Hit, Malformed, Region, Said, View, frozen

MAGIC = b"-rom1fs-"
SUMMED = 512  # bytes
DIRECTORY, FILE = 1, 2
MOST = 20_000
DEEPEST = 64
LONGEST_NAME = 256


@frozen
class ROMFSImage:
    """An image; the finding spans what is there of it."""

    tag: ClassVar[str] = "romfs_image"
    label: str
    size: int  # bytes
    files: int


class ROMFS:
    """Finds images anywhere."""

    name = "romfs"
    version = 1
    wakes_on = (Anchor(rb"-rom1fs-"),)

    def score(self, view: View, /) -> int:
        """A size that is more than a header's."""
        return int(int.from_bytes(view.read(8, 4), "big") > 32)

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        head = view.exact(0, 16)
        size = int.from_bytes(head[8:12], "big")
        data = view.exact(0, min(size, SUMMED) // 4 * 4)
        if sum(int.from_bytes(data[at : at + 4], "big") for at in range(0, len(data), 4)) & 0xFFFFFFFF:
            raise Malformed(view.offset + 12, "the sum of the first bytes")
        label, start = _name(view, 16)
        present = view.within(0, size)
        whole = present == size
        files = list(_files(view, start, size)) if whole else []
        yield hit.finding(0, present, ROMFSImage(label, size, len(files)))
        if whole:
            yield Extent(0, size, "romfs", "the sum of the first bytes holds, and all are there")
        for name, at, length in files:
            if length:
                yield Region(at, length, "romfs-file", Codec("romfs", None), name=name)


def _name(view: View, at: int) -> tuple[str, int]:
    """A name that a zero ends, and where what follows it begins, on a border of 16 bytes."""
    data = view.read(at, LONGEST_NAME)
    end = max(0, data.find(0))
    return data[:end].decode("utf-8", "replace"), at + (end + 16) // 16 * 16


def _files(view: View, at: int, size: int) -> Iterator[tuple[str, int, int]]:
    """(path, place, size) of all files."""
    waiting = [("", at, 0)]
    seen: set[int] = set()
    while waiting:
        path, at, depth = waiting.pop()
        while at and at not in seen and at < size and len(seen) < MOST:
            view.step()
            seen.add(at)
            head = view.read(at, 16)
            following, special, length = (int.from_bytes(head[place : place + 4], "big") for place in (0, 4, 8))
            name, start = _name(view, at + 16)
            kind = following & 7
            whole = f"{path}/{name}".lstrip("/")
            if kind == DIRECTORY and name not in (".", "..") and depth < DEEPEST:
                waiting.append((whole, special & ~15, depth + 1))
            elif kind == FILE and start + length <= size:
                yield whole, start, length
            at = following & ~15
