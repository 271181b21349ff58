"""A directory's bytes that no header points to."""

from tests.builders.pe_tables import Exports, Tables, exports, image_with


def build() -> bytes:
    return image_with(Tables(exports(Exports((0x1000,), ((b"name", 0),))).data, {}))
