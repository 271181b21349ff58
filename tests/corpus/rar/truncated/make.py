"""The member's data breaks off: no extent, and what is there is a child."""

from tests.builders.solid_rar import file5, main5


def build() -> bytes:
    return main5() + file5(b"krill.txt", b"small and many\n" * 5)[:-20]
