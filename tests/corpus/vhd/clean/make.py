"""A fixed disk: the footer is told last."""

from tests.builders.disks_images import vhd_footer


def build() -> bytes:
    return b"disk" * 128 + vhd_footer(512, 2) + b"after"
