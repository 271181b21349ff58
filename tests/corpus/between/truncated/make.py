"""Less than is worth a look."""

from tests.builders.several import member


def build() -> bytes:
    return member() + b"0123456789"
