"""A list of nobody."""

from tests.builders.keys_files import revocation_list


def build() -> bytes:
    return revocation_list(revoked=0)
