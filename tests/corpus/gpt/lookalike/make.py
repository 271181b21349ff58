"""A header whose CRC-32 does not hold."""

from tests.builders.disks_volumes import gpt


def build() -> bytes:
    return gpt(b"disk" * 100, wrong=True)
