"""The header's copy is missing."""

from tests.builders.disks_volumes import gpt


def build() -> bytes:
    return gpt(b"disk" * 100, copied=False)
