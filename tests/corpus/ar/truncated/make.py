"""An archive that ends in the data of its second member."""

from tests.builders.archives_plain import ar_member


def build() -> bytes:
    return b"!<arch>\n" + ar_member(b"a/", b"whole") + ar_member(b"b/", b"cut short " * 9)[:80]
