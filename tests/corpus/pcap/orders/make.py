"""Both orders of bytes, both kinds of time."""

from tests.builders.stores_files import pcap_file


def build() -> bytes:
    return pcap_file(big=True) + b"-" * 16 + pcap_file(nano=True) + b"-" * 16 + pcap_file(big=True, nano=True)
