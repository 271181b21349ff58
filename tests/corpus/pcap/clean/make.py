"""Two packets, between other bytes."""

from tests.builders.stores_files import pcap_file


def build() -> bytes:
    return b"before" * 7 + pcap_file() + b"after"
