"""A footer whose checksum does not hold."""

from tests.builders.disks_images import vhd_footer


def build() -> bytes:
    return b"disk" * 128 + vhd_footer(512, 2).replace(b"tst ", b"tsu ")
