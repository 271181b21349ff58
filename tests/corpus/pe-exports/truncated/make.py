"""Cut in the table of names."""

from tests.builders.pe_tables import Exports, exports, image_with


def build() -> bytes:
    functions = tuple(range(0x1000, 0x1040))
    tables = exports(Exports(functions, tuple((b"name%02d" % n, n) for n in range(64))))
    data = image_with(tables)
    return data[: data.index(tables.data) + 40 + 4 * 64 + 4 * 11 + 2]
