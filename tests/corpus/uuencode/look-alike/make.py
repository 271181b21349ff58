"""Words that begin like a file: nothing may be said of these."""


def build() -> bytes:
    return b"They begin 644 works\nand end few.\nbegin 755 a\nbegin 644 \n"
