"""A partition of a raw, a zero, a zlib and a bzip2 block; the trailer is told last."""

import bz2
import zlib

from tests.builders.disks_images import dmg


def build() -> bytes:
    blocks = (
        (1, 1, b"raw!" * 128),
        (0, 1, b""),
        (0x80000005, 1, zlib.compress(b"zlib" * 128)),
        (0x80000006, 1, bz2.compress(b"bz2!" * 128)),
    )
    return b"before" + dmg(*blocks, gap=b"between the forks") + b"after"
