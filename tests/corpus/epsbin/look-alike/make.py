"""Magic numbers without a program: nothing may be said of these."""

from tests.builders.documents_eps import eps


def build() -> bytes:
    return b"\xc5\xd0\xd3\xc6" + bytes(40) + eps(program=b"no program")
