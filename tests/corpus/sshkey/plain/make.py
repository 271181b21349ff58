"""A line without a comment, and one in a word."""

from tests.builders.keys_files import ssh_line


def build() -> bytes:
    return ssh_line(b"") + b"x" + ssh_line()
