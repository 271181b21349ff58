"""A tile-part of an unsaid size; one longer than the file."""

from tests.builders.images_scans import codestream


def build() -> bytes:
    return codestream(part=0) + codestream(part=0x7FFFFFFF)
