"""A picture with metadata, between other bytes."""

from tests.builders.images_scans import bpg


def build() -> bytes:
    return b"before" + bpg(b"Exif and so on, as metadata") + b"after"
