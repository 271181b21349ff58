"""A last box that reaches to the file's end."""

from tests.builders.audiovisual_video import box, movie


def build() -> bytes:
    return box(b"ftyp", b"qt  " + bytes(4)) + movie() + b"\0\0\0\0mdatsamples"
