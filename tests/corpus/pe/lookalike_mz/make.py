"""A DOS program: MZ, no PE header where e_lfanew points."""


def build() -> bytes:
    return b"MZ" + bytes(58) + b"\x80\0\0\0" + bytes(64) + b"NE" + bytes(2000)
