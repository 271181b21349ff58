"""A section cut inside of the file that it holds."""

from tests.builders.documents_lnk import one


def build() -> bytes:
    return one(b"MZ what feeds it" * 4)[:-60]
