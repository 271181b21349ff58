"""Raw and plain pictures in a row, one with a remark."""


def build() -> bytes:
    return (
        b"P5\n3 2\n255\nabcdef"
        + b"P1\n# seen from above\n3 2\n101 01 0\n"
        + b"P3 1 1 255 1 2 3\n"
        + b"P6 1 1 65535 abcdef"
    )
