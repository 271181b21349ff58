"""The magic before text."""


def build() -> bytes:
    return b"twelve bytes\x62\x31\5\0\x09\0\0\0 are before it. " * 5
