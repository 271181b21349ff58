"""A codestream with a comment, between other bytes."""

from tests.builders.images_scans import codestream


def build() -> bytes:
    return b"before" + codestream(b"made at sea") + b"after"
