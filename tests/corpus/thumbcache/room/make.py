"""Bytes between an entry's name and its picture."""

from tests.builders.stores_files import HIDDEN, thumbnail_cache


def build() -> bytes:
    return thumbnail_cache(padding=HIDDEN)
