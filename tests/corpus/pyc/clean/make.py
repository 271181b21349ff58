"""A module compiled by Python 3.11, between other bytes."""

from tests.builders.bytecode_files import pyc_file


def build() -> bytes:
    return b"before" * 7 + pyc_file() + b"after"
