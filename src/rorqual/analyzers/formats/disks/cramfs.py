"""CramFS: a superblock with a size and a CRC-32, inodes, then pages of zlib data. In either byte order.

The kernel's fs/cramfs/README and include/uapi/linux/cramfs_fs.h. Its files are not handled.
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from rorqual.sdk import Anchor, Extent, Hit, Malformed, Refused, Said, View

SUPERBLOCK = 76
CHECKED = 16 << 20  # bytes of an image whose CRC-32 is checked
READ = 256 << 10


@dataclass(frozen=True, slots=True)
class CramFSImage:
    """A superblock; the finding has the image's size as it gives it."""

    tag: ClassVar[str] = "cramfs_image"
    order: str
    label: str
    size: int  # bytes
    files: int
    blocks: int


class CramFS:
    """Finds images anywhere."""

    name = "cramfs"
    version = 1
    wakes_on = (
        Anchor(rb"\x45\x3d\xcd\x28[\x00-\xff]{12}Compressed ROMFS"),
        Anchor(rb"\x28\xcd\x3d\x45[\x00-\xff]{12}Compressed ROMFS"),
    )

    def score(self, view: View, /) -> int:
        return 1

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        head = view.exact(0, SUPERBLOCK)
        order = "little" if head[:1] == b"\x45" else "big"
        size, flags, _, stored, _, blocks, files = struct.unpack_from(
            ("<" if order == "little" else ">") + "III16x4I", head, 4
        )
        if not flags & 1:
            raise Malformed(view.offset + 8, "a version that tells its size")
        label = head[48:64].split(b"\0")[0].decode("latin-1")
        yield hit.finding(0, size, CramFSImage(order, label, size, files, blocks))
        if view.within(0, size) < size or size <= SUPERBLOCK:
            return
        value = 0
        for at in range(0, min(size, CHECKED), READ):
            data = view.read(at, min(READ, size - at))
            if not at:
                data = data[:32] + bytes(4) + data[36:]
            value = zlib.crc32(data, value)
        if size <= CHECKED and value != stored:
            return
        yield Extent(0, size, "cramfs", "the CRC-32 holds" if size <= CHECKED else "all bytes are there")
        yield Refused(SUPERBLOCK, size - SUPERBLOCK, "method", 0)
