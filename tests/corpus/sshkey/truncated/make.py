"""A line, cut short."""

from tests.builders.keys_files import ssh_line


def build() -> bytes:
    return ssh_line()[:50]
