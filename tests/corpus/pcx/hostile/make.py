"""Sides beyond what is there, and a run beyond the rows."""

from tests.builders.images_plain import pcx


def build() -> bytes:
    return pcx(30000, 30000, palette=False) + pcx(palette=False)[:-2] + b"\xff\xff"
