"""A signature that stands alone."""

from tests.builders.keys_files import packet, pgp_signature


def build() -> bytes:
    return packet(2, pgp_signature(0))
