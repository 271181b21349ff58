"""Two files in one LZMA stream."""

from tests.builders.solid_others import nsis


def build() -> bytes:
    return nsis([("krill.txt", b"small and many\n" * 9), ("whale.dll", b"one and big\n" * 9)], solid=True)
