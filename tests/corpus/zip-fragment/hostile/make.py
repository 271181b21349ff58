"""Sizes that lie, names that are missing, a member that leads to itself."""

from tests.builders.archives_zip import ZipItem, zip_local


def build() -> bytes:
    lying = ZipItem(b"lies.txt", b"so it says", method=0, local={"packed": 0xFFFFFFF0})
    back = ZipItem(b"back.txt", b"", method=0, local={"packed": 0xFFFFFFDA})
    nameless = ZipItem(b"", b"no name", method=0)
    full = ZipItem(b"wide.txt", b"no extra field", method=0, local={"packed": 0xFFFFFFFF})
    return b"." + b"".join(zip_local(item) + b".." for item in (lying, back, nameless, full))
