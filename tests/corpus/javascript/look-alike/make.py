"""Pictures whose size reads like a comment, and scripts further in: nothing may be said of these."""


def build() -> bytes:
    return b"GIF89a/*\0\xf0\0\0,\0\0\0\0/*\0*/\0\0*/\xff;" + b"GIF89a/**/=1;alert(1)\0"
