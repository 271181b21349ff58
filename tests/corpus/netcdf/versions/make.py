"""Versions 2 and 5."""

from tests.builders.stores_files import netcdf_file


def build() -> bytes:
    return netcdf_file(version=2) + b"tail" + netcdf_file(version=5)
