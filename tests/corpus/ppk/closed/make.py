"""A private key that is encrypted."""

from tests.builders.keys_files import ppk_file


def build() -> bytes:
    return ppk_file(cipher=b"aes256-cbc")
