"""The last block is not there."""

from tests.builders.streams import zstd


def build() -> bytes:
    return zstd(b"krill " * 5)[:-4]
