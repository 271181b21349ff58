"""A dex file as Dalvik installs it, cut short."""

from tests.builders.bytecode_files import odex_file


def build() -> bytes:
    return odex_file()[:200]
