"""A document whose root never closes."""


def build() -> bytes:
    return b"<?xml version='1.0'?><whale><krill/>"
