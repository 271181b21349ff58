"""The magic before text, and before a section of types that holds none."""


def build() -> bytes:
    return b"\0asm\1\0\0\0 is how modules begin. " + b"\0asm\1\0\0\0\1\4\1\x60\xc2\xa4"
