"""An archive that ends in the data of its second member."""

from tests.builders.archives_plain import cpio_member


def build() -> bytes:
    return cpio_member("newc", b"a", b"whole") + cpio_member("newc", b"b", b"cut short " * 9)[:170]
