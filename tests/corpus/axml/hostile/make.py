"""A chunk that is longer than what it is part of, and a pool whose indices lead out of it."""

from tests.builders.bytecode_files import axml_file


def build() -> bytes:
    good = axml_file()
    return good[:12] + b"\xf0\xff\0\0" + good[16:] + good[:36] + b"\xff\xff\0\0" + good[40:]
