"""Bytes between the parts, a sum that does not hold, and a preview of great length."""

from tests.builders.documents_eps import eps


def build() -> bytes:
    lying = bytearray(eps())
    lying[24:28] = b"\xff\xff\xff\x7f"
    return eps(between=b"PK\3\4 what nobody reads") + bytes(lying)
