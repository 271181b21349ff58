"""A message whose data are in parts."""

from tests.builders.keys_files import pgp_message


def build() -> bytes:
    return pgp_message(parts=True) + b"tail"
