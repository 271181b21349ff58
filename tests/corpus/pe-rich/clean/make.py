"""As Visual Studio 2019 links a small C program."""

from tests.builders.pe_tables import with_rich


def build() -> bytes:
    return with_rich(
        [(257, 26715, 3), (0, 0, 77), (260, 29112, 11), (261, 29112, 25), (255, 29112, 1), (258, 29112, 1)]
    )
