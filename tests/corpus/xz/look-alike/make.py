"""Magic numbers whose CRCs do not hold."""


def build() -> bytes:
    return b"\xfd7zXZ\x00\x00\x04" + bytes(40) + b"1234\x01\x00\x00\x00\x00\x04YZ"
