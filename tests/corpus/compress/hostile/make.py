"""A code far above the table, after many that are not: no extent."""

from tests.builders.streams import compress


def build() -> bytes:
    return compress(b"small and many\n" * 40) + b"\xff" * 9
