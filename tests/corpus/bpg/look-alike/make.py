"""Magic numbers without a picture."""


def build() -> bytes:
    return b"BPG\xfb\x20\x08\xff\xff\xff\xff\xff\xff" + bytes(30) + b"BPG\xfb" + bytes(30)
