"""Free space, a codestream without a size; a box longer than the file."""

from tests.builders.images_scans import box, jp2


def build() -> bytes:
    return jp2(box(b"free", b"hidden in free space"), open_ended=True) + jp2(box(b"uuid", bytes(20), 0x7FFFFFFF))
