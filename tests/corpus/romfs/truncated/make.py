"""The last file is cut."""

from tests.builders.disks_images import romfs


def build() -> bytes:
    return romfs((b"read me.txt", b"read me"), (b"data.bin", b"data" * 200))[:-40]
