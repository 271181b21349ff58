"""A package with a script, between other bytes."""

from tests.builders.archives_packages import rpm_package


def build() -> bytes:
    return b"before " + rpm_package() + b" and after"
