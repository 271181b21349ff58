"""Three objects, between other bytes."""

from tests.builders.stores_files import git_pack


def build() -> bytes:
    return b"before" * 7 + git_pack() + b"after"
