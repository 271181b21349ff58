"""Forms without a picture."""


def build() -> bytes:
    return b"RIFF\x40\0\0\0WEBPVP8 " + bytes(60) + b"RIFF\x14\0\0\0WEBPVP8L\x08\0\0\0" + bytes(8)
