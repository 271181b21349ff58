"""A line, between other bytes."""

from tests.builders.keys_files import ssh_line


def build() -> bytes:
    return b"before" * 7 + ssh_line() + b"after"
