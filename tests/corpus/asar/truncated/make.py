"""An archive that ends in its second file."""

from tests.builders.archives_packages import asar


def build() -> bytes:
    tree: dict[str, object] = {"a": {"size": 5, "offset": "0"}, "b": {"size": 500, "offset": "5"}}
    return asar(tree, b"whole" + b"cut short")
