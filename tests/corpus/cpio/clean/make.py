"""Two archives in a row as the kernel reads them, padded to blocks: hexadecimal, and with sums."""

from tests.builders.archives_plain import cpio_member, cpio_trailer


def build() -> bytes:
    first = cpio_member("newc", b"dir", mode=0o40755) + cpio_member(
        "newc", b"dir/a.txt", b"the whale keeps what feeds it"
    )
    first += cpio_member("newc", b"dir/link", b"a.txt", mode=0o120777) + cpio_trailer("newc")
    second = cpio_member("crc", b"init", b"#!/bin/sh", check=sum(b"#!/bin/sh")) + cpio_trailer("crc")
    return first + bytes(-len(first) % 512) + second + bytes(-len(second) % 512)
