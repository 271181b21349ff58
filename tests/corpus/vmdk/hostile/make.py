"""Tables of 65,536 entries that are not there."""

from tests.builders.disks_images import vmdk


def build() -> bytes:
    return vmdk(per=65_536)
