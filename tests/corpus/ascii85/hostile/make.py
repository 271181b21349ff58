"""Digits that no four bytes have, a group of zeros inside of a group, ends in ends."""

import base64

from tests.builders.encodings_held import ZIP


def build() -> bytes:
    over = b"<~" + b"uuuuu" * 30 + b"~>"
    zeros = b"<~" + b"AAzAAA" * 30 + b"~>"
    return over + zeros + b"<~" + base64.a85encode(ZIP, adobe=True) + b"~>"
