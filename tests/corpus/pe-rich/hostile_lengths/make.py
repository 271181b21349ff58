"""More entries than are told, no DanS, a padding that is not zero in its last word."""

from tests.builders.pe_tables import with_rich


def build() -> bytes:
    return with_rich([(n % 300, n, 0xFFFF_FFFF - n) for n in range(1, 700)], start=b"\0\0\0\0", key=0x1234_5678)
