"""The member's data breaks off."""

from tests.builders.solid_others import ace_file, ace_main


def build() -> bytes:
    return ace_main() + ace_file(b"KRILL.TXT", b"small and many\n" * 3)[:-20]
