"""A module compiled by Python 3.11, cut short."""

from tests.builders.bytecode_files import pyc_file


def build() -> bytes:
    return pyc_file()[:90]
