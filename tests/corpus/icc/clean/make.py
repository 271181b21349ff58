"""A profile with tags and bytes behind them, between other bytes."""

from tests.builders.images_plain import icc


def build() -> bytes:
    return (
        b"before"
        + icc((b"desc", b"desc\0\0\0\0\0\0\0\6whale\0"), (b"cprt", b"text\0\0\0\0nobody"), slack=b"behind the tags")
        + b"after"
    )
