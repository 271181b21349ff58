"""A list of two, cut short."""

from tests.builders.keys_files import revocation_list


def build() -> bytes:
    return revocation_list()[:200]
