"""The last block breaks off."""

from tests.builders.solid_cab import cabinet


def build() -> bytes:
    return cabinet([("krill.txt", b"small and many\n" * 50)])[:-9]
