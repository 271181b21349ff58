"""A text that begins like one."""


def build() -> bytes:
    return b"STARTFONT 2.1 is how it begins\nENDFONT\n"
