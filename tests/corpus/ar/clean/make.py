"""A library as GNU writes it, between other bytes: symbols, a table of long names, a name in it."""

from tests.builders.archives_plain import ar_member


def build() -> bytes:
    members = (
        ar_member(b"/", b"\0\0\0\0"),
        ar_member(b"//", b"a_name_of_more_than_fifteen.o/\n"),
        ar_member(b"/0", b"first object"),
        ar_member(b"short.o/", b"odd"),
    )
    return b"before " + b"!<arch>\n" + b"".join(members) + b"and after"
