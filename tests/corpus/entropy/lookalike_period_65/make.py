"""A unit of 65 bytes: structure, not padding, and no run."""


def build() -> bytes:
    return bytes(range(65)) * 200
