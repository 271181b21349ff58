"""A logical partition in an extended one."""

from tests.builders.disks_volumes import mbr


def build() -> bytes:
    return mbr((5, 1, 3)) + mbr((0x83, 1, 2)) + b"disk" * 256
