"""A bin that is longer than told, and no bins of four gigabytes."""

from tests.builders.stores_files import hive_file


def build() -> bytes:
    good = hive_file()
    return good[:4104] + b"\0\0\1\0" + good[4108:] + good[:40] + b"\0\xf0\xff\xff" + good[44:200]
