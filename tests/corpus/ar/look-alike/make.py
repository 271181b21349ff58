"""Magic without a header, and headers with something else in their numbers: nothing may be said of these."""

from tests.builders.archives_plain import ar_member


def build() -> bytes:
    wrong = ar_member(b"a", b"b", end=b"`.") + ar_member(b"a", b"b", size=b"many")
    return (
        b"text: !<arch>\n " + b"!<arch>\n" + wrong + b"!<arch>\n" + ar_member(b"a", b"b", size=b"many") + b"!<arch>\n"
    )
