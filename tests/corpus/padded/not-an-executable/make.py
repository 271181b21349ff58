"""As many zeros, but no executable: a sparse image is nobody's evasion."""


def build() -> bytes:
    return b"just data" + bytes(11 << 20)
