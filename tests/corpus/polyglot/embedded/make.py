"""Two files in data that is neither."""

from tests.builders.several import archive, png


def build() -> bytes:
    return b"nothing of note" * 9 + png() + b"more of it" * 9 + archive() + b"\0and the end" * 9000
