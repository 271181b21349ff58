"""A section that holds a file, between other bytes."""

from tests.builders.documents_lnk import one


def build() -> bytes:
    return b"before" + one(b"MZ what feeds it") + b"after"
