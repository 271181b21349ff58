"""OpenPGP's armour, with a comment; then with a checksum that lies."""

from tests.builders.keys_files import armor


def build() -> bytes:
    return armor(b"whale" * 20) + armor(b"whale" * 20, sound=False)
