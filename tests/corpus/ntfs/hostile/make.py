"""No copy of the boot sector, a compressed file, a run that leads far away."""

from tests.builders.disks_volumes import ntfs, ntfs_runs


def build() -> bytes:
    return ntfs(
        ntfs_runs("far.bin", 127, 60_000), ntfs_runs("packed.bin", 38, 400, 1), data=b"data" * 128, copied=False
    )
