"""A stream has no end of its own: cut short it is a stream."""

from tests.builders.streams import compress


def build() -> bytes:
    return compress(b"small and many\n" * 40)[:-9]
