"""The magic number, and line ends that a transfer has spoiled."""

from tests.builders.disks_images import vmdk


def build() -> bytes:
    return vmdk().replace(b"\n \r\n", b"\n \n\n")
