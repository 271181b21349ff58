"""Runs of zeros, 0xff, a word, a unit of 64 bytes, each ended by other bytes; the last ends the file."""


def build() -> bytes:
    unit = bytes(range(64))
    return b"".join(
        (
            b"head",
            bytes(5000),
            b"x",
            b"\xff" * 4096,
            b"yz",
            b"PADDINGXX" * 600,
            b"!",
            unit * 70,
            b"tail",
            b"\xcc" * 10_000,
        )
    )
