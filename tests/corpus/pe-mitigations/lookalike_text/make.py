"""No image at all."""


def build() -> bytes:
    return b"MZ: DYNAMIC_BASE, NX_COMPAT, GUARD_CF. PE\0\0" * 40
