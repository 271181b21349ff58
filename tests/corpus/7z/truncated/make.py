"""The database is not there."""

from tests.builders.solid_sevenzip import build7z


def build() -> bytes:
    return build7z([("krill.txt", b"small and many\n" * 9)])[:-30]
