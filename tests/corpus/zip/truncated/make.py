"""An archive that ends in the data of its third member: what stands before is recovered."""

from tests.builders.archives_zip import ZipItem, zip_archive


def build() -> bytes:
    items = [ZipItem(b"%d.txt" % number, bytes(range(32, 96)) * 3, deferred=number == 2) for number in (1, 2, 3)]
    whole = zip_archive(*items)
    return whole[: whole.rindex(b"3.txt", 0, whole.index(b"PK\1\2")) + 30]
