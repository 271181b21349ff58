"""A boot sector that is none: its marks are text."""

from tests.builders.disks_volumes import mbr


def build() -> bytes:
    return mbr((0x83, 1, 1), mark=0x41) + b"disk" * 128
