"""What messages begin with."""


def build() -> bytes:
    return b"\x85\1\x0c\3" + bytes(8) + b"\1\4\0" + b"text" * 80
