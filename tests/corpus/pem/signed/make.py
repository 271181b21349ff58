"""A text that is signed."""

from tests.builders.keys_files import pem_block


def build() -> bytes:
    return b"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\na text\n" + pem_block(b"whale" * 20, b"PGP SIGNATURE")
