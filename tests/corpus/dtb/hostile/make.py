"""A property of 4 GiB, and a node that does not end."""

from tests.builders.disks_images import device_tree


def build() -> bytes:
    good = device_tree((b"model", b"Whale\0"))
    return good.replace(b"\0\0\0\3\0\0\0\6", b"\0\0\0\3\xff\xff\xff\xff") + device_tree(token=1)
