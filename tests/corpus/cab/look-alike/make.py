"""Headers whose tables lead nowhere."""

from tests.builders.solid_cab import cabinet


def build() -> bytes:
    wrong = bytearray(cabinet([("krill.txt", b"small and many\n")]))
    wrong[16] = 0xFF
    return b"MSCF" + bytes(40) + bytes(wrong) + b"MSCF\0\0\0\0"
