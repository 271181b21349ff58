"""A packet, cut short."""

from tests.builders.stores_files import pcapng_file


def build() -> bytes:
    return pcapng_file()[:100]
