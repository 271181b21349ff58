"""A program and its preview, between other bytes."""

from tests.builders.documents_eps import eps


def build() -> bytes:
    return b"before" + eps() + b"after"
