"""Samples that break off."""


def build() -> bytes:
    return b"P4\n30 20\nabcdef"
