"""Two files, each compressed for itself, between other bytes."""

from tests.builders.solid_others import nsis


def build() -> bytes:
    files = [("krill.txt", b"small and many\n" * 9), ("whale.dll", b"one and big\n" * 9)]
    return b"stub" * 128 + nsis(files) + b"after"
