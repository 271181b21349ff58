"""A compressed one."""


def build() -> bytes:
    return b"MAM\4\0\x10\0\0" + bytes(range(200))
