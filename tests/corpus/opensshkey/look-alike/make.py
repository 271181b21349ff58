"""The magic in a text."""


def build() -> bytes:
    return b"openssh-key-v1\0 is what keys begin with. " * 5
