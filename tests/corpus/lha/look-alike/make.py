"""Methods named in a text, and headers whose sums do not hold: nothing may be said of these."""

from tests.builders.archives_lha import lha_member


def build() -> bytes:
    wrong = bytearray(lha_member(b"a", b"b"))
    wrong[1] ^= 1
    level = bytearray(lha_member(b"a", b"b", level=2))
    level[30] ^= 1
    alone = lha_member(b"alone", b"but its CRC is wrong")
    return (
        b"known are -lh5- and -lzs-, also -lhd-. "
        + bytes(wrong)
        + b"."
        + bytes(level)
        + b"."
        + alone[:-1]
        + b"! and more"
    )
