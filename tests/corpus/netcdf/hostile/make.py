"""Four billion dimensions, a variable before the header's end, records without an end."""

from tests.builders.stores_files import netcdf_file


def build() -> bytes:
    good = netcdf_file()
    return good[:12] + b"\xff" * 4 + good[16:] + netcdf_file(records=1 << 31)[:260] + b""
