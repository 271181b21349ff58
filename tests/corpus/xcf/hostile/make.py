"""Places of 64 bits; a property longer than the file."""

from tests.builders.images_scans import xcf


def build() -> bytes:
    return xcf(compression=2, version=b"v011") + xcf()[:26] + b"\0\0\0\x99\x7f\xff\xff\xff" + xcf()[34:]
