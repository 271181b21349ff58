"""A boot region whose checksum does not hold."""

from tests.builders.disks_volumes import exfat


def build() -> bytes:
    return exfat(("read me.txt", b"read me"), sum_wrong=True)[:13_000]
