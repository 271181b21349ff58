"""An archive that ends in the data of its second member."""

from tests.builders.archives_lha import huffed, lha_member


def build() -> bytes:
    text = bytes(range(97, 123)) * 9
    return lha_member(b"a", b"whole") + lha_member(b"b", text, method=b"-lh5-", data=huffed(text))[:-100]
