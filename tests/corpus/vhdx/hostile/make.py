"""Blocks of nearly 4 GiB."""

from tests.builders.disks_images import vhdx


def build() -> bytes:
    good = vhdx(block=0xFFFFFFFF)
    return good[:327_680] + (6 | 1 << 60).to_bytes(8, "little") + good[327_688:]
