"""What stores begin with."""


def build() -> bytes:
    return b"\x30\x82\1\0\2\1\3\x30\x82\0\xa0\6\x09\x2a\x86\x48\x86\xf7\x0d\1\7\1" + b"text" * 70
