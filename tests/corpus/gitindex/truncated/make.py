"""Two files, cut short."""

from tests.builders.stores_files import git_index


def build() -> bytes:
    return git_index()[:150]
