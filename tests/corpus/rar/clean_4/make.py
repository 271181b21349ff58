"""Version 4: a stored member, one that is packed, one that is encrypted, a recovery record."""

from tests.builders.solid_rar import end4, file4, main4


def build() -> bytes:
    members = file4(b"krill.txt", b"small and many\n" * 2) + file4(b"packed", b"\x12\x34" * 20, method=0x33)
    members += file4(b"secret", b"\xa7" * 32, flags=4) + file4(b"RR", b"Protect+" * 3, kind=0x7A)
    return main4(0x40) + members + end4()
