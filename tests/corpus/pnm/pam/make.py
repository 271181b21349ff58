"""A picture of named fields."""


def build() -> bytes:
    return b"before" + b"P7\nWIDTH 2\nHEIGHT 2\nDEPTH 1\nMAXVAL 255\nTUPLTYPE GRAYSCALE\nENDHDR\nabcd" + b"after"
