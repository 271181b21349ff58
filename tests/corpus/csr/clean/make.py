"""A request, between other bytes."""

from tests.builders.keys_files import request


def build() -> bytes:
    return b"before" * 7 + request() + b"after"
