"""The index of a pack, and one with shortened paths."""

from tests.builders.stores_files import git_index, git_pack_index


def build() -> bytes:
    return git_pack_index() + b"-" + git_index(version=4)
