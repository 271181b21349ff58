"""The words alone."""

from tests.builders.disks_images import cramfs


def build() -> bytes:
    return cramfs(b"read me.txt", b"read me")[4:70] + b"Compressed ROMFS"
