"""Numbers that do not fit each other, a length of more than there is."""

from tests.builders.keys_files import pkcs8_key, rsa_key


def build() -> bytes:
    good = pkcs8_key()
    return rsa_key(sound=False) + good[:2] + b"\xff\xff" + good[4:]
