"""A package that ends in its payload."""

from tests.builders.archives_packages import rpm_package


def build() -> bytes:
    return rpm_package()[:-30]
