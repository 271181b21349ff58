"""As many random bytes behind a header that has their size: an encrypted payload."""

import random

from tests.builders.pe import build as image


def build() -> bytes:
    payload = random.Random(4).randbytes(11 << 20)
    return image() + b"PAYLOAD:" + len(payload).to_bytes(4, "little") + payload
