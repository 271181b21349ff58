"""Stored members, each a child where it lies; a room before them and one in the header."""

from tests.builders.solid_sevenzip import build7z


def build() -> bytes:
    files = [("a.txt", b"first" * 4), ("b.txt", b"second" * 4)]
    return build7z(files, stored=True, before=b"nobody looks here", dummy=b"nor here, says 7-Zip")
