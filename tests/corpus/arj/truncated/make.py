"""The member's data breaks off."""

from tests.builders.solid_arj import header, main


def build() -> bytes:
    return main() + header(b"KRILL.TXT", b"small and many\n" * 3)[:-20]
