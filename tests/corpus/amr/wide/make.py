"""AMR-WB."""


def build() -> bytes:
    return b"#!AMR-WB\n" + (b"\x04" + bytes(17)) * 4
