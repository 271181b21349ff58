"""The cluster is cut off."""

from tests.builders.disks_images import qcow2


def build() -> bytes:
    return qcow2()[:2400]
