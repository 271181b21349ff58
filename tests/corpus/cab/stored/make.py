"""A stored file; a reserved area and a gap with something in them."""

from tests.builders.solid_cab import cabinet


def build() -> bytes:
    return cabinet(
        [("krill.txt", b"small and many\n" * 9)], method=0, reserve=b"reserved for whom", gap=b"nothing leads here"
    )
