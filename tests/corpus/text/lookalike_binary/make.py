"""Words around one NUL: nothing is said."""


def build() -> bytes:
    return b"nearly all of this is text\n" * 40 + b"\0" + b"and so is the rest\n" * 40
