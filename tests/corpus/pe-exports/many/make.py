"""More rows than one finding holds, with and without names."""

from tests.builders.pe_tables import Exports, exports, image_with


def build() -> bytes:
    functions = tuple(0x1000 + n % 512 for n in range(520))
    names = tuple((b"function_%04d" % n, n) for n in range(0, 520, 2))
    return image_with(exports(Exports(functions, names)), plus=True)
