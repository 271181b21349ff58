"""Magic numbers: a descriptor whose checksum does not hold, a block that is not there."""


def build() -> bytes:
    return b"\x04\x22\x4d\x18\x60\x40\x00" + bytes(9) + b"\x02\x21\x4c\x18" + b"\x09\x00\x00\x00"
