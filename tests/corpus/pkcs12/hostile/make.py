"""Rounds without an end, and a length of more than there is."""

from tests.builders.keys_files import key_store_12


def build() -> bytes:
    good = key_store_12("secret")
    return good.replace(b"\2\1\3", b"\2\1\x7f")[:4] + good[4:-1] + b"\x7f" + good[:2] + b"\xff\xff" + good[4:]
