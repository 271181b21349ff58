"""Two variables, between other bytes."""

from tests.builders.stores_files import netcdf_file


def build() -> bytes:
    return b"before" * 7 + netcdf_file() + b"after"
