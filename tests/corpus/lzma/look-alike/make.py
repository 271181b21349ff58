"""Headers that may be: one with data that does not decode, one with two bytes that decode by chance."""


def build() -> bytes:
    header = b"\x5d\x00\x00\x80\x00"
    return header + b"\xff" * 8 + b"\x00" + b"\xff" * 60 + header + b"\x02" + bytes(7) + bytes(40)
