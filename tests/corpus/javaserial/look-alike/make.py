"""The magic before text."""


def build() -> bytes:
    return b"\xac\xed\0\5\x73 is what streams begin with. " * 5
