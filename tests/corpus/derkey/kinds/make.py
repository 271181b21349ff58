"""Keys of other kinds."""

from tests.builders.keys_files import ec_key, ed_key, encrypted_key, public_key, rsa_key


def build() -> bytes:
    return rsa_key() + b"-" + encrypted_key() + b"-" + ec_key() + b"-" + public_key() + b"-" + ed_key()
