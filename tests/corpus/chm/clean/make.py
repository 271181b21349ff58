"""A stored file, and content that is compressed, between other bytes."""

from tests.builders.solid_others import chm


def build() -> bytes:
    return b"before" * 3 + chm([("/krill.htm", b"<p>small and many</p>")], packed=b"\x12\x34" * 20) + b"after"
