"""A stream to the end of its source, behind other bytes."""

from tests.builders.streams import compress


def build() -> bytes:
    return b"before" * 3 + compress(b"".join(b"%d whales and what is small and many\n" % (at * 77) for at in range(60)))
