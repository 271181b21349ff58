"""Two packets, cut short."""

from tests.builders.stores_files import pcap_file


def build() -> bytes:
    return pcap_file()[:90]
