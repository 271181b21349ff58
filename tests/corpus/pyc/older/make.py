"""Python 3.8, and 2.7 without a size."""

from tests.builders.bytecode_files import pyc_file


def build() -> bytes:
    return pyc_file(magic=3413) + b"-" + pyc_file(magic=62211)
