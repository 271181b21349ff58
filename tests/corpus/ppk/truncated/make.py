"""A private key that is open, cut short."""

from tests.builders.keys_files import ppk_file


def build() -> bytes:
    return ppk_file()[:200]
