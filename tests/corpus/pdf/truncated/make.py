"""A document cut inside of its last stream."""

from tests.builders.documents_pdf import PLAIN, pdf


def build() -> bytes:
    whole = pdf(*PLAIN)
    return whole[: whole.index(b"whale") + 3]
