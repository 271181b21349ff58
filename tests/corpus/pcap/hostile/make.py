"""A packet that is longer than any, and one whose time cannot be."""

from tests.builders.stores_files import pcap_file


def build() -> bytes:
    good = pcap_file()
    return good[:32] + b"\xff\xff\xff\x7f" + good[36:] + good[:64] + b"\xff" * 8 + good[72:]
