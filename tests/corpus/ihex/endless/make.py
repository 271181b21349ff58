"""Lines without the one that ends them."""

from tests.builders.stores_files import ihex_file


def build() -> bytes:
    return ihex_file(bytes(range(100)), ended=False)
