"""A digest that lies, and more entries than there are."""

from tests.builders.stores_files import git_index


def build() -> bytes:
    good = git_index()
    return git_index(sums=False) + good[:8] + b"\0\xff\xff\xff" + good[12:]
