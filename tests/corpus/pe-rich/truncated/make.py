"""Cut in the optional header, behind a whole rich header."""

from tests.builders.pe_tables import with_rich


def build() -> bytes:
    return with_rich([(260, 30795, 9), (258, 30795, 1)])[:0x140]
