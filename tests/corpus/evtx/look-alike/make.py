"""The magic in a text."""


def build() -> bytes:
    return (
        b"ElfFile\0 is what logs begin with. " * 9 + b"ElfFile\0" + bytes(24) + b"\x80\0\0\0\1\0\3\0\0\x10" + bytes(100)
    )
