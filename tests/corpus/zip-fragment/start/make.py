"""A source that begins as an archive and ends in the data of its third member, which a descriptor would have ended."""

from tests.builders.archives_zip import ZipItem, zip_archive


def build() -> bytes:
    items = [ZipItem(b"%d.txt" % number, bytes(range(32, 96)) * 3, deferred=number > 1) for number in (1, 2, 3)]
    whole = zip_archive(*items)
    return whole[: whole.rindex(b"3.txt", 0, whole.index(b"PK\1\2")) + 30]
