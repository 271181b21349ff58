"""Two files, between other bytes."""

from tests.builders.disks_images import romfs


def build() -> bytes:
    return b"before" + romfs((b"read me.txt", b"read me"), (b"data.bin", b"data" * 9)) + b"after"
