"""An image without a certificate table, behind which lies one that no header names."""

from tests.builders.authenticode import build as signed
from tests.builders.authenticode import holes, table_of
from tests.builders.pe import Image


def build() -> bytes:
    data = bytearray(signed())
    _, entry = holes(Image())
    assert table_of(bytes(data))[0]
    data[entry : entry + 8] = bytes(8)
    return bytes(data)
