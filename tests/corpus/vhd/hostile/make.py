"""A disk of 2^60 bytes before its footer."""

from tests.builders.disks_images import vhd_footer


def build() -> bytes:
    return b"disk" * 128 + vhd_footer(1 << 60, 2)
