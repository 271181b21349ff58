"""A ZIP in a private chunk of a PNG."""

from tests.builders.several import archive, png


def build() -> bytes:
    return png(comment=archive())
