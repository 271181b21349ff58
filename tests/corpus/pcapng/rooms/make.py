"""A comment, and what a program keeps for itself; two sections."""

from tests.builders.stores_files import HIDDEN, pcapng_file


def build() -> bytes:
    return pcapng_file(comment=HIDDEN, custom=HIDDEN) + pcapng_file(big=True)
