"""An archive with a comment and a deleted member, between other bytes."""

from tests.builders.archives_lha import zoo_archive


def build() -> bytes:
    members = ((b"a.txt", b"the whale keeps", False), (b"b.txt", b"what was deleted", True), (b"c", b"x", False))
    return b"before " + zoo_archive(*members, comment=b"of the archive") + b" and after"
