"""The last sectors are cut."""

from tests.builders.disks_volumes import ntfs, ntfs_file


def build() -> bytes:
    return ntfs(ntfs_file("read me.txt", b"read me"), data=b"data" * 200)[:-600]
