"""The partition is cut."""

from tests.builders.disks_volumes import gpt


def build() -> bytes:
    return gpt(b"disk" * 200)[:2300]
