"""Bare signatures with nothing behind them: no format."""


def build() -> bytes:
    magics = (
        b"PK\3\4",
        b"\x7fELF",
        b"%PDF",
        b"\x1f\x8b\x08",
        b"Rar!",
        b"7z\xbc\xaf",
        b"OggS",
        b"RIFF",
        b"\xca\xfe\xba\xbe",
    )
    return b"\xee\0" + b"\0\xee".join(magics) + bytes(64)
