"""Text behind a gzip member, and data behind a second one."""

from tests.builders.several import member


def build() -> bytes:
    return member() + b"plain words, and more. " * 5 + member(b"two") + bytes(range(128, 256))
