"""A resident file with an alternate stream, one in a run, one encrypted."""

from tests.builders.disks_volumes import ntfs, ntfs_file, ntfs_runs


def build() -> bytes:
    files = (
        ntfs_file("read me.txt", b"read me", "secret"),
        ntfs_runs("data.bin", 40, 1000),
        ntfs_runs("closed.bin", 42, 500, 0x4000),
    )
    return b"before" + ntfs(*files, data=b"data" * 384) + b"after"
