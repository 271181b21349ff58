"""A packet that is longer than the file, a part that is."""

from tests.builders.keys_files import pgp_message


def build() -> bytes:
    good = pgp_message()
    return good[:1] + b"\xff\xff" + good[3:] + pgp_message(parts=True).replace(b"\xd2\xe9", b"\xd2\xfe")
