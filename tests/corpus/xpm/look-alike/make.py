"""A remark without a pixmap."""


def build() -> bytes:
    return b"/* XPM */ is how a pixmap begins; static it is not { }"
