"""A digest that lies, more objects than there are, an object that is longer than told."""

from tests.builders.stores_files import git_pack


def build() -> bytes:
    return (
        git_pack(sums=False)
        + git_pack(size=1 << 20)
        + git_pack().replace(b"PACK\0\0\0\2\0\0\0\3\xbc", b"PACK\0\0\0\2\0\0\0\3\xbd")
    )
