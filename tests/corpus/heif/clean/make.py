"""Two pictures in a row, one with metadata."""

from tests.builders.images_scans import heif


def build() -> bytes:
    return heif(b"heic", metadata=b"\0\0\0\0MM\0*" + bytes(20)) + heif()
