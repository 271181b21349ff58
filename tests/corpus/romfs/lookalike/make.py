"""A sum that does not hold."""

from tests.builders.disks_images import romfs


def build() -> bytes:
    return romfs((b"read me.txt", b"read me"), wrong=True)
