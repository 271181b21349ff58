"""The partition is cut."""

from tests.builders.disks_volumes import mbr


def build() -> bytes:
    return mbr((0x83, 1, 4)) + b"disk" * 200
