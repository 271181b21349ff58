"""The magic number and a cluster size that cannot be."""

from tests.builders.disks_images import qcow2


def build() -> bytes:
    return qcow2().replace(b"\0\0\0\x09", b"\0\0\0\x29") + qcow2()[:60]
