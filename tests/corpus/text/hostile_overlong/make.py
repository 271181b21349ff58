"""An overlong NUL and an encoded surrogate, which a lax decoder takes for UTF-8."""


def build() -> bytes:
    return b"plain words at the start\n" * 20 + b"\xc0\x80 and \xed\xa0\x80\n"
