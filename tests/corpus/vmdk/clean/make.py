"""One grain of two; a sector of nobody that is not empty."""

from tests.builders.disks_images import vmdk


def build() -> bytes:
    return b"before" + vmdk(hidden=b"hidden behind the header") + b"after"
