"""Sides beyond reason, a plain picture without its samples, a float map."""


def build() -> bytes:
    return (
        b"P5\n99999999 2\n255\n"
        + b"P2 9 9 255 1 2 3 and no more"
        + b"P5 4000 4000 255 "
        + b"Pf\n2 1\n-1.0\n"
        + bytes(8)
    )
