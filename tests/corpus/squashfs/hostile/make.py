"""An inode table in the superblock, and a block that does not decode."""

from tests.builders.disks_images import squashfs


def build() -> bytes:
    good = squashfs((b"a.txt", b"first file"), (b"b.txt", b"second " * 9))
    return good.replace(b"\x78\x9c", b"\xff\xff") + good[:64] + (9).to_bytes(8, "little") + good[72:]
