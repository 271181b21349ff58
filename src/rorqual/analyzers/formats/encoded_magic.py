"""Magic numbers as they look when they are written as text: base64 at each of three alignments, hexadecimal digits.

The matcher finds them at no cost that grows with their number; each is worth four bytes or more.
"""

import base64
from functools import cache

from rorqual.sdk import Anchor

BINARY = (  # may stand anywhere in what is encoded
    ("exe", b"MZ\x90\x00\x03\x00\x00\x00"),
    ("exe", b"This program "),
    ("zip", b"PK\x03\x04"),
    ("elf", b"\x7fELF"),
    ("pdf", b"%PDF-"),
    ("png", b"\x89PNG\r\n\x1a\n"),
    ("rar", b"Rar!\x1a\x07"),
    ("7z", b"7z\xbc\xaf\x27\x1c"),
    ("ole", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    ("xz", b"\xfd7zXZ\x00"),
    ("bzip2", b"1AY&SY"),
    ("lnk", b"L\x00\x00\x00\x01\x14\x02\x00"),
    ("sqlite", b"SQLite format 3"),
    ("macho", b"\xcf\xfa\xed\xfe\x07\x00\x00\x01"),
    ("macho", b"\xcf\xfa\xed\xfe\x0c\x00\x00\x01"),
)
FIRST = (  # count at the beginning of what is encoded only
    ("gzip", b"\x1f\x8b\x08\x00"),
    ("gzip", b"\x1f\x8b\x08\x08"),
    ("exe", b"MZ\x00\x00"),
    ("exe", b"MZP\x00\x02"),
    ("exe", b"MZR\xe8\x00"),
    ("exe", b"MZ\xe8\x00\x00"),
    ("exe", b"MZARUH"),
    ("class", b"\xca\xfe\xba\xbe\x00"),
    ("dex", b"dex\n03"),
    ("wasm", b"\x00asm\x01\x00"),
    ("jpeg", b"\xff\xd8\xff\xe0\x00\x10"),
    ("jpeg", b"\xff\xd8\xff\xe1"),
    ("gif", b"GIF89a"),
    ("gif", b"GIF87a"),
    ("cab", b"MSCF\x00\x00"),
    ("zstd", b"\x28\xb5\x2f\xfd"),
    ("xml", b"<?xml "),
    ("html", b"<!DOCTYPE"),
    ("html", b"<!doctype"),
    ("html", b"<html"),
    ("svg", b"<svg "),
    ("html", b"<script"),
    ("shell", b"#!/bin/"),
    ("shell", b"#!/usr/"),
    ("php", b"<?php"),
    ("rtf", b"{\\rtf"),
    ("javaserial", b"\xac\xed\x00\x05sr"),
)
CONTEXTS = (  # what follows is base64, it says
    rb";base64,",
    rb"FromBase64String\([\"']",
    rb"base64_decode\([\"']",
    rb"b64decode\([\"']",
    rb"b64decode\(b[\"']",
    rb"atob\([\"'`]",
    rb"-[eE][nN][cC] [A-Za-z0-9+/]{4}",
    rb"[eE]ncoded[cC]ommand [A-Za-z0-9+/]{4}",
)
_DIGIT = rb"[A-Za-z0-9+/]"
WIDE_TEXT = (  # base64 of UTF-16 with a space between other ASCII
    rb"IAB" + _DIGIT + rb"A[C-H][AEIMQUYcgkosw048]A",
    rb"ACAA[H-e][AQgw]B" + _DIGIT + rb"A[C-H][AEIMQUYcgkosw048]A",
)
PHASES = {0: 0, 1: 2, 2: 3}  # digits of a group of four before the first that a magic number fills, by its alignment
SEPARATED = (b"\\x", b"0x")  # what may stand before each byte
OF_PROGRAMS = (
    b"MZ\x90\x00\x03",
    b"MZARUH",
    b"\x7fELF",
    b"PK\x03\x04",
    b"\x1f\x8b\x08\x00",
    b"\xca\xfe\xba\xbe",
    b"%PDF-",
)


@cache
def base64_digits(magic: bytes, alignment: int) -> bytes:
    """The digits that are the same whatever stands around `magic` when it begins at this byte of a group of three."""
    text = base64.b64encode(bytes(alignment) + magic)
    first = {0: 0, 1: 2, 2: 3}[alignment]
    return text[first : (alignment + len(magic)) * 8 // 6]


def base64_regex(digits: bytes) -> bytes:
    """A regular expression for both alphabets."""
    return digits.replace(b"+", b"[+-]").replace(b"/", b"[/_]")


def wide(digits: bytes) -> bytes:
    """The same in UTF-16."""
    return b"".join(base64_regex(bytes([digit])) + rb"\x00" for digit in digits)


def hex_regex(magic: bytes, before: bytes = b"", after: bytes = b"") -> bytes:
    """A regular expression for hexadecimal digits in either case."""
    return after.join(before + _both(b"%02x" % byte) for byte in magic)


def _both(digits: bytes) -> bytes:
    return b"".join(b"[%c%c]" % (digit, digit - 32) if digit >= 0x61 else bytes([digit]) for digit in digits)


@cache
def digits_anywhere() -> tuple[bytes, ...]:
    """Digits of the standard alphabet that tell of a run wherever they stand in it."""
    return tuple(base64_digits(magic, alignment) for _, magic in BINARY for alignment in PHASES)


@cache
def hex_anywhere() -> tuple[bytes, ...]:
    """The same, lower-case hexadecimal digits."""
    return tuple(magic.hex().encode() for _, magic in BINARY)


def earliest(data: bytes, start: int, literals: tuple[bytes, ...]) -> int | None:
    """Where the first of the literals is found from `start` on. One search for each is faster than one for all."""
    return min((at for one in literals if (at := data.find(one, start)) >= 0), default=None)


@cache
def of_base64() -> tuple[Anchor, ...]:
    """What wakes the probe for base64."""
    found = [base64_regex(base64_digits(magic, alignment)) for _, magic in BINARY for alignment in range(3)]
    found += [base64_regex(base64_digits(magic, 0)) for _, magic in FIRST]
    found += [wide(base64_digits(magic, 0)) for _, magic in (*BINARY, *FIRST)]
    found += [*CONTEXTS, *WIDE_TEXT]
    return tuple(Anchor(one) for one in dict.fromkeys(found))


@cache
def of_hexadecimal() -> tuple[Anchor, ...]:
    """What wakes the probe for hexadecimal digits."""
    found = [hex_regex(magic) for _, magic in (*BINARY, *FIRST)]
    for before in SEPARATED:
        literal = before.replace(b"\\", rb"\x5c")
        for after in (b"",) if before == b"\\x" else (b",", b", "):
            found += [hex_regex(magic, literal, after) for magic in OF_PROGRAMS]
    return tuple(Anchor(one) for one in dict.fromkeys(found))
