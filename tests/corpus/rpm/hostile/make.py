"""Digests that do not hold; then a size smaller than the header."""

from tests.builders.archives_packages import rpm_package


def build() -> bytes:
    lying = rpm_package(sha1=b"0" * 40, digest=b"1" * 64, lead=b"a lead that hides more than a name: \xff\xd8\xff")
    return lying + rpm_package(size=40)
