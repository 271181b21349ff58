"""A stream of 2^63 bytes."""

from tests.builders.disks_volumes import exfat


def build() -> bytes:
    good = bytearray(exfat(("read me.txt", b"read me")))
    good[32 * 512 + 64 + 31] = 0x7F
    return bytes(good)
