"""Free space, an unknown box; one longer than the file."""

from tests.builders.images_scans import box, heif


def build() -> bytes:
    return (
        heif(b"mif1", box(b"free", b"hidden in free space"), box(b"whal", b"or in here"))
        + heif()[:-24]
        + b"\x7f\xff\xff\xff"
        + heif()[-20:]
    )
