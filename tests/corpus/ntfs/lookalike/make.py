"""A boot sector that leads to no file table."""

from tests.builders.disks_volumes import ntfs


def build() -> bytes:
    return ntfs()[:3000].replace(b"FILE", b"ELIF")
