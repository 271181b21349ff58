"""The end is not there."""

from tests.builders.solid_others import nsis


def build() -> bytes:
    return nsis([("krill.txt", b"small and many\n" * 9)])[:-9]
