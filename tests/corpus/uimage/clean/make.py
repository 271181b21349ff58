"""A kernel, between other bytes."""

from tests.builders.disks_images import uimage


def build() -> bytes:
    return b"before" + uimage() + b"after"
