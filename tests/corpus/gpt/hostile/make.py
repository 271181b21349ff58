"""Entries of 4 GiB."""

from tests.builders.disks_volumes import gpt


def build() -> bytes:
    good = gpt(b"disk" * 100)
    return good[:592] + b"\xff" * 8 + good[600:]
