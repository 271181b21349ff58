"""Counts that lie, indexes past the table, names out of order, twice, not printable and nowhere."""

from tests.builders.pe_tables import Exports, exports, image_with


def build() -> bytes:
    functions = (0x1000, 0x7FFF_FFFF, b"nowhere", 0x1010)
    names = ((b"zebra", 0), (b"ant", 1), (b"ant", 2), (b"\x1b]0;title\x07", 3), (b"last", 0xFFFF))
    what = Exports(functions, names, base=0xFFFF, number_of_functions=0xFFFF_FFFF, number_of_names=0xFFFF_FFFF)
    return image_with(exports(what))
