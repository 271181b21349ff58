"""A first table of 32 GiB."""

from tests.builders.disks_images import qcow2


def build() -> bytes:
    return qcow2(l1=0xFFFFFFFF)
