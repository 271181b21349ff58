"""A size that lies; a record longer than the file."""

from tests.builders.images_plain import emf


def build() -> bytes:
    return emf(size=7) + emf(comment=b"x" * 20)[:92] + b"\xfc\xff\xff\x7f" + bytes(30)
