"""The archive behind the PNG is cut: it is not claimed as one."""

from tests.builders.several import archive, png


def build() -> bytes:
    return png() + archive()[:40]
