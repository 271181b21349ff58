"""Version 5: a stored member and a comment, between other bytes."""

from tests.builders.solid_rar import end5, file5, main5


def build() -> bytes:
    comment = file5(b"CMT", b"packed by nobody\0", kind=3)
    return b"stub" * 5 + main5() + comment + file5(b"krill.txt", b"small and many\n" * 3) + end5() + b"after"
