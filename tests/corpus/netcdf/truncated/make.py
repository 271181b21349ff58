"""Two variables, cut short."""

from tests.builders.stores_files import netcdf_file


def build() -> bytes:
    return netcdf_file()[:150]
