"""What messages begin with."""


def build() -> bytes:
    return b"\x30\x82\1\0\6\x09\x2a\x86\x48\x86\xf7\x0d\1\7\2\xa0" + b"text" * 70
