"""A PSB, and raw rows."""

from tests.builders.images_scans import psd


def build() -> bytes:
    return psd(psb=True) + psd(compression=0)
