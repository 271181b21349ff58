"""The magic number and a version, and nothing that agrees."""

from tests.builders.disks_images import squashfs


def build() -> bytes:
    return b"hsqs" + bytes(24) + b"\4\0\0\0" + bytes(80) + squashfs(version=4)[:40].replace(b"\x11\0", b"\x12\0")
