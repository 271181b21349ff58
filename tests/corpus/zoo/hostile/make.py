"""A name that climbs, Zoo's own method over nothing that decodes; then a chain that leads back to itself."""

from tests.builders.archives_lha import zoo_archive


def build() -> bytes:
    climbing = zoo_archive((b"../../x", b"climbs", False), (b"lzw", b"abc", False), method=1)
    circle = bytearray(zoo_archive((b"a", b"b", False), (b"c", b"d", False)))
    second = circle.index(b"\xdc\xa7\xc4\xfd", 60)
    circle[second + 6 : second + 10] = (42).to_bytes(4, "little")
    return climbing + bytes(circle)
