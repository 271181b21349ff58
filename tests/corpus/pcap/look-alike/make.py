"""A header with nothing like a packet behind it."""

from tests.builders.stores_files import pcap_file


def build() -> bytes:
    return pcap_file(packets=0) + b"and then a text, which is no packet at all"
