"""Lines without the one that ends them."""

from tests.builders.stores_files import srec_file


def build() -> bytes:
    return srec_file(bytes(range(100)), ended=False)
