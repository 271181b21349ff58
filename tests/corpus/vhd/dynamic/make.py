"""A dynamic disk of one block; a sector of nobody that is not empty."""

from tests.builders.disks_images import vhd_dynamic


def build() -> bytes:
    return b"before" + vhd_dynamic(b"hidden behind the header") + b"after"
