"""A signature of something else, and a length of more than there is."""

from tests.builders.keys_files import request


def build() -> bytes:
    good = request()
    return request(sound=False) + good[:2] + b"\xff\xff" + good[4:]
