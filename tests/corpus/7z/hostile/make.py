"""A name that climbs, a packed stream that lies about its content, and a database of a million files."""

from tests.builders.solid_sevenzip import SIGNATURE, archive, build7z, database, lzma2


def build() -> bytes:
    files = [("../run.sh", b"#!/bin/sh\n" * 3)]
    header = database([("..\\run.cmd", b"@echo off\n" * 3)], 18, b"\x21\x21\x01\x08")
    many = b"\x01\x05\xe0\xff\xff\xff\x11\x05\0abcd\0\0"
    return (
        build7z(files)
        + archive(lzma2(b"something else")[:18].ljust(18, b"\0"), header)
        + archive(b"", many)
        + SIGNATURE
    )
