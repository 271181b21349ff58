"""A text on blocks."""


def build() -> bytes:
    return b"-----BEGIN CERTIFICATE----- is the first line of a block, -----END CERTIFICATE----- the last. " * 2
