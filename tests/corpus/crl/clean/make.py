"""A list of two, between other bytes."""

from tests.builders.keys_files import revocation_list


def build() -> bytes:
    return b"before" * 7 + revocation_list() + b"after"
