"""Nothing at all."""


def build() -> bytes:
    return b""
