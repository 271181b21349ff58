"""Two files, between other bytes."""

from tests.builders.stores_files import git_index


def build() -> bytes:
    return b"before" * 7 + git_index() + b"after"
