"""A run that the end cuts inside of a byte."""

from tests.builders.encodings_held import EXE


def build() -> bytes:
    return b"x=" + "".join(f"\\x{byte:02x}" for byte in EXE).encode()[:-3] + b"\n" + EXE.hex().encode()[:-1]
