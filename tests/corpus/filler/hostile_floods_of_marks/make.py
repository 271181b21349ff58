"""Every other place looks like a landmark's, so that none is one."""


def build() -> bytes:
    return b"\x04\x13" * 10_000 + bytes(range(256)) * 20
