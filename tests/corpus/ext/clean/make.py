"""Two files, between other bytes; slack that is not empty."""

from tests.builders.disks_volumes import ext2


def build() -> bytes:
    volume = ext2((b"read me.txt", b"read me"), (b"data.bin", b"data" * 500))
    return b"before" + volume[:8200] + b"hidden in slack" + volume[8215:] + b"after"
