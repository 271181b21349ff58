"""A block that is longer than the file, and an option that is longer than its block."""

from tests.builders.stores_files import pcapng_file


def build() -> bytes:
    good = pcapng_file()
    return (
        good[:52]
        + b"\xf0\xff\0\0"
        + good[56:]
        + pcapng_file(comment=b"x" * 8).replace(b"\1\0\x08\0x", b"\1\0\xff\xffx")
    )
