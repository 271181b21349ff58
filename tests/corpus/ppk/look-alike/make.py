"""The first line in a text."""


def build() -> bytes:
    return b"PuTTY-User-Key-File-2: is what keys begin with. " * 5
