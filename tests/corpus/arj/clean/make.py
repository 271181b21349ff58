"""A stored member, one that is packed, one that is garbled, between other bytes."""

from tests.builders.solid_arj import END, header, main


def build() -> bytes:
    members = header(b"KRILL.TXT", b"small and many\n" * 3) + header(b"PACKED", b"\x12\x34" * 20, method=1)
    members += header(b"SECRET", b"\xa7" * 32, flags=1)
    return b"stub" * 5 + main(b"packed by nobody") + members + END + b"after"
