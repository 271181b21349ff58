"""The data of the last member are cut by the end of the source, behind other data."""

from tests.builders.archives_zip import ZipItem, zip_local


def build() -> bytes:
    first = zip_local(ZipItem(b"a.txt", b"stored here", method=0))
    return b"other data" + first + zip_local(ZipItem(b"b.txt", bytes(range(200))))[:-70]
