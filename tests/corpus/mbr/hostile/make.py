"""Partitions that overlap."""

from tests.builders.disks_volumes import mbr


def build() -> bytes:
    return mbr((0x83, 1, 3), (0x83, 2, 2)) + b"disk" * 384
