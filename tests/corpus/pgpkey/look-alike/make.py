"""What keys begin with."""


def build() -> bytes:
    return b"\x99\1\x0d\4\x5f\x5e\1\0\1\4\0\x80" + b"text" * 70
