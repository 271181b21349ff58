"""Magic numbers, and nothing that decodes."""


def build() -> bytes:
    return b"BZh9 and BZh91AY&SY" + bytes(range(64)) + b"BZh0" + b"BZh91AY&S"
