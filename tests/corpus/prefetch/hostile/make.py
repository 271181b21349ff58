"""Tables behind the end, and a size of more than there is."""

from tests.builders.stores_files import prefetch_file


def build() -> bytes:
    good = prefetch_file()
    return good[:100] + b"\xff\xff\xff\x7f" + good[104:] + prefetch_file(size=1 << 20)
