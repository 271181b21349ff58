"""Two partitions, and sectors before them that are not empty."""

from tests.builders.disks_volumes import mbr


def build() -> bytes:
    return (
        mbr((0x83, 2, 1), (0x0C, 3, 2), code=b"\xfa boot code") + b"hidden in a gap".ljust(512, b"\0") + b"disk" * 384
    )
