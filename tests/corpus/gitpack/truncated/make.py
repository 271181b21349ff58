"""Three objects, cut short."""

from tests.builders.stores_files import git_pack


def build() -> bytes:
    return git_pack()[:60]
