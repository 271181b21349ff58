"""The footer at the end is cut."""

from tests.builders.disks_images import vhd_dynamic


def build() -> bytes:
    return vhd_dynamic()[:-100]
