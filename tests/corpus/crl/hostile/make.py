"""A length of more than there is, and a time that does not exist."""

from tests.builders.keys_files import revocation_list


def build() -> bytes:
    good = revocation_list()
    return good[:2] + b"\xff\xff" + good[4:] + good.replace(b"310101000000Z", b"319901000000Z")
