"""A header without a directory."""


def build() -> bytes:
    return b"ITSF\x03\0\0\0\x60\0\0\0" + bytes(160)
