"""The trailer is not there."""

from tests.builders.streams import lzip


def build() -> bytes:
    return lzip(b"small and many\n" * 20)[:-22]
