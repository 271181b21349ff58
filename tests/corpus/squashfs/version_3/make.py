"""An older superblock in big-endian order."""

from tests.builders.disks_images import squashfs_3


def build() -> bytes:
    return b"x" + squashfs_3() + b"x" + squashfs_3("<")
