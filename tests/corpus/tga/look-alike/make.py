"""A footer without a picture."""


def build() -> bytes:
    return b"the footer of a picture says TRUEVISION-XFILE.\0" + bytes(20)
