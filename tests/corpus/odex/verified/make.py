"""The head of what a verifier writes."""


def build() -> bytes:
    return b"vdex027\0" + bytes(32)
