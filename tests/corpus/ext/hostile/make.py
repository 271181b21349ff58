"""A file of 4 GiB whose blocks are far away."""

from tests.builders.disks_volumes import ext2


def build() -> bytes:
    good = bytearray(ext2((b"read me.txt", b"read me")))
    good[5 * 1024 + 10 * 128 + 4 : 5 * 1024 + 10 * 128 + 8] = b"\xff" * 4
    good[5 * 1024 + 10 * 128 + 44 : 5 * 1024 + 10 * 128 + 100] = b"\x77" * 56
    return bytes(good)
