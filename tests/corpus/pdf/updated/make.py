"""Saved twice: the second revision replaces a page; foreign bytes stand between the two."""

from tests.builders.documents_pdf import PLAIN, pdf, stream


def build() -> bytes:
    first = pdf(*PLAIN)
    between = b"Rar! foreign bytes between two revisions\n"
    at = len(first) + len(between)
    added = b"4 0 obj\n" + stream(b"BT(another)' ET") + b"\nendobj\n"
    table = b"xref\n4 1\n%010d 00000 n \ntrailer\n<</Size 5/Root 1 0 R/Prev %d>>\n" % (at, first.rindex(b"xref\n0"))
    return first + between + added + table + b"startxref\n%d\n%%%%EOF\r\n" % (at + len(added))
