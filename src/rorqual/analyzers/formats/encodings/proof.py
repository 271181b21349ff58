"""What decoded bytes are, as far as their beginning tells: who wrote bytes as text did so for the sake of something."""

from typing import ClassVar

from rorqual.sdk import frozen

LEAST_TEXT = 24  # bytes
MAGICS = (
    (b"MZ", "exe"),
    (b"PK\x03\x04", "zip"),
    (b"\x7fELF", "elf"),
    (b"%PDF-", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF8", "gif"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"RIFF", "riff"),
    (b"wOFF", "woff"),
    (b"wOF2", "woff2"),
    (b"\x00\x01\x00\x00\x00", "ttf"),
    (b"OTTO", "otf"),
    (b"\x00\x00\x01\x00", "ico"),
    (b"\x1f\x8b\x08", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a\x07", "rar"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"MSCF", "cab"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"{\\rt", "rtf"),
    (b"\xca\xfe\xba\xbe", "class"),
    (b"dex\n", "dex"),
    (b"\x00asm", "wasm"),
    (b"<svg", "svg"),
    (b"<?xml", "xml"),
    (b"<?php", "php"),
    (b"<!DOCTYPE html", "html"),
    (b"<!doctype html", "html"),
    (b"<html", "html"),
    (b"#!", "shell"),
    (b"OggS", "ogg"),
    (b"ID3", "mp3"),
    (b"fLaC", "flac"),
)
ZIP_METHODS = (0, 1, 6, 8, 9, 12, 14, 93, 95, 96, 97, 98, 99)
_CONTROLS = bytes(code for code in range(256) if (code < 32 and code not in b"\t\n\r\x0c\x1b") or code == 127)


@frozen
class EncodedRun:
    """Bytes that are written as text. The finding spans the text, or as much of it as was looked at."""

    tag: ClassVar[str] = "encoded_run"
    encoding: str  # "base64", "base64url", "base64 in UTF-16", "hex", "ascii85"
    holds: str  # a format, "text", "UTF-16 text" or "data"
    decoded: int  # bytes; of what was looked at
    lines: int
    told_by: str  # what gave it away: a magic number, or what stands before


def plausible(label: str, data: bytes) -> bool:
    """Whether what follows a short magic number is what follows it in files: `data` begins with it."""
    match label:
        case "zip":
            return len(data) < 10 or (data[4] < 64 and data[5] < 20 and data[9] == 0 and data[8] in ZIP_METHODS)
        case "elf":
            return data[4:7] in (b"\1\1\1", b"\1\2\1", b"\2\1\1", b"\2\2\1")
        case "pdf":
            return data[5:6].isdigit() and data[6:7] == b"."
        case "UTF-16 text":
            return kind_of(data[data[:1] == b"\0" :]) == "UTF-16 text"
    return True


def kind_of(data: bytes) -> str:
    """A format, "text", "UTF-16 text", or "data"."""
    for magic, format in MAGICS:
        if data.startswith(magic):
            return format
    if len(data) >= LEAST_TEXT:
        if data.translate(None, _CONTROLS) == data and _utf8(data):
            return "text"
        wide = data[: len(data) & ~1]
        if wide[1::2].count(0) > 0.9 * len(wide[1::2]) and not wide[::2].count(0):
            return "UTF-16 text"
    return "data"


def _utf8(data: bytes) -> bool:
    """Whether it is UTF-8, but for a character that the end may have cut."""
    for cut in range(4):
        try:
            data[: len(data) - cut].decode("utf-8")
        except UnicodeDecodeError:
            continue
        return True
    return False
