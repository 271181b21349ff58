"""A document that never closes."""

from tests.builders.documents_rtf import rtf


def build() -> bytes:
    return rtf(b"{\\info{\\title Cut}}", b"{\\b bold}")[:-4]
