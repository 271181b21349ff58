"""The magic before text."""


def build() -> bytes:
    return bytes.fromhex("03d9a29a67fb4bb5") + b" is what databases begin with. " * 5
