"""Names before the data, as BSD has them; then a thin archive, which has no data."""

from tests.builders.archives_plain import ar_member


def build() -> bytes:
    bsd = ar_member(b"#1/20", b"a name with blanks\0\0" + b"content") + ar_member(b"plain", b"xy")
    thin = ar_member(b"//", b"../lib/far.o/\n") + ar_member(b"/0", size=b"5000") + ar_member(b"near.o/", size=b"1")
    return b"!<arch>\n" + bsd + b"!<thin>\n" + thin
