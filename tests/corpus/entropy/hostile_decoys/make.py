"""Stretches of all periods, each one byte too short, and one true run among them."""


def build() -> bytes:
    decoys = b"".join((bytes(range(period)) * 4096)[:4095] + b"\xfe\xfd" for period in range(1, 41))
    return decoys[:80_000] + b"\xfd" + b"<>" * 2048 + b"\xfc" + decoys[80_000:]
