"""Two members in one LZMA2 stream, a packed header, between other bytes."""

from tests.builders.solid_sevenzip import build7z


def build() -> bytes:
    files = [("sea/krill.txt", b"small and many\n" * 9), ("whale", b"one and big\n" * 20)]
    return b"stub" * 5 + build7z(files, packed_header=True) + b"after"
