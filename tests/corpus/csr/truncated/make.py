"""A request, cut short."""

from tests.builders.keys_files import request


def build() -> bytes:
    return request()[:200]
