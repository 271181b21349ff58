"""The magic and plausible fields, and a CRC that does not hold."""

from tests.builders.solid_arj import END, main


def build() -> bytes:
    wrong = bytearray(main())
    wrong[-5] ^= 1
    return b"\x60\xea" * 9 + bytes(wrong) + END
