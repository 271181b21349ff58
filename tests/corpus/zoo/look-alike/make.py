"""The tag without a chain, numbers that do not add up: nothing may be said of these."""

from tests.builders.archives_lha import zoo_archive


def build() -> bytes:
    wrong = bytearray(zoo_archive((b"a", b"b", False)))
    wrong[28] ^= 1
    nowhere = bytearray(zoo_archive((b"a", b"b", False)))
    nowhere[24:32] = (999).to_bytes(4, "little") + (-999 & 0xFFFFFFFF).to_bytes(4, "little")
    return b"ZOO 2.10 Archive.\x1a" + b"\xdc\xa7\xc4\xfd" * 3 + bytes(wrong) + bytes(nowhere)
