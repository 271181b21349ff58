"""Words that begin as Flash does."""


def build() -> bytes:
    return b"FWS\x09 and CWS\x0a and so on " * 3 + b"FWS\x0d" + bytes(40)
