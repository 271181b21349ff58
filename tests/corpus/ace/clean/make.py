"""A stored member, one that is packed, one that is encrypted, a comment, between other bytes."""

from tests.builders.solid_others import ace_file, ace_main


def build() -> bytes:
    members = ace_file(b"KRILL.TXT", b"small and many\n" * 3) + ace_file(b"PACKED", b"\x12\x34" * 20, method=1)
    members += ace_file(b"SECRET", b"\xa7" * 32, flags=0x4000)
    return b"stub" * 5 + ace_main(b"packed by nobody") + members + b"after"
