"""4,095 equal bytes, 4,095 bytes of period 2: one byte below the least run, no run."""


def build() -> bytes:
    return b"a" + bytes(4095) + b"b" + (b"<>" * 2048)[:4095] + b"c"
