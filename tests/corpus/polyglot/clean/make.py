"""A ZIP behind a PNG: readers of each accept the file."""

from tests.builders.several import archive, png


def build() -> bytes:
    return png() + archive()
