"""A program in plain digits, one as bytes of C, and an archive further in."""

from tests.builders.encodings_held import EXE, ZIP


def build() -> bytes:
    plain = EXE.hex().upper().encode()
    lines = b"\n".join(plain[at : at + 64] for at in range(0, len(plain), 64))
    listed = b", ".join(b"0x%02x" % byte for byte in EXE)
    inside = (b"other bytes" + ZIP).hex().encode()
    return b"A program:\n" + lines + b"\n\n{" + listed + b"};\n'" + inside + b"'"
