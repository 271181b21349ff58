"""A header whose SHA-256 does not hold, and one without slots."""

from tests.builders.disks_images import luks_1, luks_2


def build() -> bytes:
    return luks_2(wrong=True) + luks_1().replace(b"\0\0\xde\xad", b"\0\0\xde\xae")
