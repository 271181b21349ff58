"""A name that climbs, and a file of which there is less than it says."""

from tests.builders.solid_others import nsis


def build() -> bytes:
    data = bytearray(nsis([("..\\..\\run.exe", b"small and many\n" * 9)]))
    size = data.rindex(b"\x80") - 3
    data[size + 1] = 9
    return bytes(data)
