"""A picture's brand, and a type box alone."""

from tests.builders.audiovisual_video import box, mp4


def build() -> bytes:
    return mp4(brand=b"heic") + b"\xff" + box(b"ftyp", b"isom" + bytes(4))
