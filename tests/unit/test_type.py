"""The probe `type` and the judge `file-type`: what a source is, from its content."""

import gzip
import io
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rorqual.analyzers.folds.text import TextFold
from rorqual.analyzers.formats.type import FileTypeProbe, TypeCandidate
from rorqual.analyzers.judges.type import TypeJudge
from rorqual.findings.formats import all_formats
from rorqual.sdk import FileType, Finding, Window
from tests.builders.probing import BytesSource, examine


def candidate(data: bytes | BytesSource, fuel: int = 1 << 24) -> TypeCandidate:
    said = list(examine(FileTypeProbe(), data, fuel=fuel))
    assert len(said) == 1
    assert isinstance(said[0], Finding)
    assert isinstance(said[0].body, TypeCandidate)
    return said[0].body


def facts(data: bytes) -> Iterator[Finding]:
    fold = TextFold()
    fold.feed(Window(0, data))
    yield from fold.finish(())
    yield from (one for one in examine(FileTypeProbe(), data) if isinstance(one, Finding))


def judged(data: bytes) -> FileType:
    found = list(TypeJudge().weigh(facts(data), ()))
    assert len(found) == 1
    assert isinstance(found[0].body, FileType)
    return found[0].body


def zipped(*names: str, content: bytes = b"x", method: int = zipfile.ZIP_STORED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name in names:
            archive.writestr(name, content)
    return out.getvalue()


def tarred() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        member = tarfile.TarInfo("name")
        member.size = 3
        archive.addfile(member, io.BytesIO(b"abc"))
    return out.getvalue()


def png() -> bytes:
    header = b"IHDR" + struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))


def pe(*, flags: int = 2, subsystem: int = 3, managed: bool = False) -> bytes:
    optional = bytearray(240)
    struct.pack_into("<H", optional, 0, 0x20B)
    struct.pack_into("<H", optional, 68, subsystem)
    struct.pack_into("<I", optional, 108, 16)
    struct.pack_into("<II", optional, 112 + 14 * 8, 0x2000 if managed else 0, 72 if managed else 0)
    coff = struct.pack("<HHIIIHH", 0x8664, 1, 0, 0, 0, 240, flags)
    section = b".text\0\0\0" + struct.pack("<IIII", 512, 0x1000, 512, 512) + bytes(16)
    return b"MZ" + bytes(58) + struct.pack("<I", 64) + b"PE\0\0" + coff + bytes(optional) + section


def elf(kind: int, *, interpreter: bool = False) -> bytes:
    head = b"\x7fELF\2\1\1" + bytes(9) + struct.pack("<HHIQQQIHHHHHH", kind, 62, 1, 0, 64, 0, 0, 64, 56, 1, 64, 0, 0)
    return head + struct.pack("<IIQQQQQQ", 3 if interpreter else 1, 4, 0, 0, 0, 0, 0, 0)


def box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", 8 + len(content)) + name + content


def mp3(frames: int) -> bytes:
    return (b"\xff\xfb\x90\x00" + bytes(413)) * frames


def ole(stream: str) -> bytes:
    header = bytearray(512)
    header[:8] = bytes.fromhex("d0cf11e0a1b11ae1")
    struct.pack_into("<HHHH", header, 24, 0x3E, 3, 0xFFFE, 9)
    struct.pack_into("<I", header, 48, 1)
    struct.pack_into("<I", header, 76, 0)
    fat = struct.pack("<II", 0xFFFFFFFD, 0xFFFFFFFE) + b"\xff" * 504
    entries = b""
    for name in ("Root Entry", stream):
        raw = name.encode("utf-16-le") + b"\0\0"
        entries += raw.ljust(64, b"\0") + struct.pack("<H", len(raw)) + bytes(62)
    return bytes(header) + fat + entries.ljust(512, b"\0")


def ogg(packet: bytes) -> bytes:
    return b"OggS\0\2" + bytes(20) + b"\1" + bytes([len(packet)]) + packet


def item(tag: int, content: bytes) -> bytes:
    return bytes([tag, len(content)]) + content


def certificate() -> bytes:
    return item(0x30, item(0x30, b"\xa0\3\2\1\2\2\1\7") + item(0x30, b"\6\1\1") + b"\3\2\0\1")


def iso() -> bytes:
    volume = bytearray(2048)
    volume[:7] = b"\1CD001\1"
    struct.pack_into("<I", volume, 0x50, 20)
    struct.pack_into(">I", volume, 0x54, 20)
    struct.pack_into("<H", volume, 0x80, 2048)
    struct.pack_into(">H", volume, 0x82, 2048)
    return bytes(0x8000) + bytes(volume)


BINARIES = {
    "png": (png(), "checksum"),
    "gzip": (gzip.compress(b"hello", mtime=0), "structure"),
    "xz": (lzma.compress(b"hello"), "checksum"),
    "lzma": (lzma.compress(b"hello" * 9, format=lzma.FORMAT_ALONE), "fields"),
    "tar": (tarred(), "checksum"),
    "zip": (zipped("a", "b"), "structure"),
    "jar": (zipped("META-INF/MANIFEST.MF", "A.class"), "structure"),
    "apk": (zipped("META-INF/MANIFEST.MF", "AndroidManifest.xml", "classes.dex"), "structure"),
    "docx": (zipped("[Content_Types].xml", "_rels/.rels", "word/document.xml"), "structure"),
    "xlsx": (zipped("[Content_Types].xml", "xl/workbook.xml"), "structure"),
    "pptx": (zipped("[Content_Types].xml", "ppt/presentation.xml"), "structure"),
    "odt": (zipped("mimetype", "a", content=b"application/vnd.oasis.opendocument.text"), "structure"),
    "epub": (zipped("mimetype", "a", content=b"application/epub+zip"), "structure"),
    "whl": (zipped(*(f"pkg/m{n}.py" for n in range(80)), "pkg-1.dist-info/METADATA"), "structure"),
    "npz": (zipped("a.npy", "b.npy"), "structure"),
    "xpi": (zipped("manifest.json", "META-INF/mozilla.rsa"), "structure"),
    "pe": (pe(), "structure"),
    "pe-dll": (pe(flags=0x2002), "structure"),
    "pe-efi": (pe(subsystem=10), "structure"),
    "pe-driver": (pe(subsystem=1), "structure"),
    "pe-dotnet": (pe(managed=True), "structure"),
    "elf": (elf(2), "structure"),
    "elf-pie": (elf(3, interpreter=True), "structure"),
    "elf-shared": (elf(3), "structure"),
    "elf-object": (elf(1), "structure"),
    "elf-core": (elf(4), "structure"),
    "macho": (struct.pack("<IIIIIIIIII", 0xFEEDFACF, 0x01000007, 3, 2, 1, 72, 0, 0, 0x19, 72), "structure"),
    "macho-fat": (struct.pack(">IIIIIII", 0xCAFEBABE, 1, 0x01000007, 3, 4096, 10, 12), "structure"),
    "class": (b"\xca\xfe\xba\xbe\0\0\0\x34\0\3\x07\0\2\1\0\1A", "structure"),
    "wav": (b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0", "structure"),
    "avi": (b"RIFF\x24\0\0\0AVI LIST", "structure"),
    "webp": (b"RIFF\x24\0\0\0WEBPVP8 ", "structure"),
    "mp4": (box(b"ftyp", b"isom\0\0\0\0isommp42") + box(b"moov", b""), "structure"),
    "mov": (box(b"ftyp", b"qt  \0\0\0\0qt  ") + box(b"moov", b""), "structure"),
    "avif": (box(b"ftyp", b"mif1\0\0\0\0mif1avif") + box(b"meta", b""), "structure"),
    "heic": (box(b"ftyp", b"heic\0\0\0\0mif1heic") + box(b"meta", b""), "structure"),
    "jp2": (bytes.fromhex("0000000c6a5020200d0a870a") + box(b"ftyp", b"jp2 \0\0\0\0"), "structure"),
    "matroska": (b"\x1a\x45\xdf\xa3\x8b\x42\x82\x88matroska", "structure"),
    "webm": (b"\x1a\x45\xdf\xa3\x87\x42\x82\x84webm", "structure"),
    "vorbis": (ogg(b"\x01vorbis" + bytes(9)), "structure"),
    "opus": (ogg(b"OpusHead" + bytes(9)), "structure"),
    "mp3": (mp3(4), "structure"),
    "doc": (ole("WordDocument"), "structure"),
    "xls": (ole("Workbook"), "structure"),
    "msg": (ole("__properties_version1.0"), "structure"),
    "iso": (iso(), "structure"),
    "gif": (b"GIF89a\1\0\1\0\0\0\0\x2c", "structure"),
    "bmp": (b"BM" + struct.pack("<IIIIIIHH", 58, 0, 54, 40, 1, 1, 1, 24), "structure"),
    "jpeg": (b"\xff\xd8\xff\xe0\0\4ab\xff\xdb\0\4ab", "structure"),
    "pgm": (b"P5\n# by hand\n4 4\n255\n" + bytes(16), "fields"),
    "sqlite": (b"SQLite format 3\0\x10\0\1\1\0\x40\x20\x20", "structure"),
    "wasm": (b"\0asm\1\0\0\0\1", "structure"),
    "dex": (b"dex\n035\0" + bytes(28) + struct.pack("<II", 0x70, 0x12345678), "structure"),
    "pcap": (struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1), "structure"),
    "pyc": (struct.pack("<HH", 3495, 0x0A0D) + bytes(12) + b"\xe3", "structure"),
    "der": (certificate(), "structure"),
    "data": (b"\x93\xa7\x00\xe0\xc1" * 9, "none"),
    "empty": (b"", "empty"),
}  # fmt: skip


@pytest.mark.parametrize("id", BINARIES)
def test_binary(id: str) -> None:
    data, proof = BINARIES[id]
    found = candidate(data)
    assert (found.format, found.proof) == (id, proof)
    assert judged(data).format == all_formats()[id].name


TEXTS = {
    "python": b"#!/usr/bin/env python3\nprint(1)\n",
    "shell": b"#!/bin/sh\nexit 0\n",
    "xml": b"<?xml version='1.0'?>\n<!-- a remark -->\n<root/>\n",
    "svg": b"<?xml version='1.0'?><!DOCTYPE svg PUBLIC 'x'><svg xmlns='http://www.w3.org/2000/svg'/>",
    "html": b"\n<!DOCTYPE html>\n<title>x</title>",
    "json": b'{"a": [1, 2.5e3, true, null, "x\\n"], "b": {}}\n',
    "ipynb": b'{"cells": [], "nbformat": 4}',
    "jsonl": b'{"a": 1}\n{"a": 2}\n',
    "csv": b'a,b,c\n1,2,3\n4,"5,5",6\n',
    "toml": b'[project]\nname = "x"\nversion = "1"\n',
    "yaml": b"---\na: 1\nb:\n  - c\n",
    "markdown": b"# Title\n\nWords, and [a link](http://x).\n\n```\ncode\n```\n",
    "c": b"#include <stdio.h>\n\nint main(void) {\n    return 0;\n}\n",
    "css": b"a:hover {\n  color: red;\n  margin: 0;\n}\n",
    "javascript": b"'use strict';\nconst a = require('b');\nmodule.exports = a;\n",
    "tex": b"\\documentclass{article}\n\\begin{document}\n",
    "postscript": b"%!PS-Adobe-3.0\n%%EOF\n",
    "rtf": b"{\\rtf1\\ansi x}",
    "pem": b"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
    "eml": b"Received: from a\n\tby b\nFrom: a@b\nSubject: x\nDate: y\n\nz\n",
    "diff": b"--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n",
    "text": b"Nothing in particular, said at some length.\n",
}


@pytest.mark.parametrize("id", TEXTS)
def test_text(id: str) -> None:
    found = judged(TEXTS[id])
    assert (found.format, found.encoding) == (id, "us-ascii")
    assert found.confidence >= 0.75


@pytest.mark.parametrize("id", TEXTS)
@pytest.mark.parametrize(("codec", "name"), [("utf-16", "utf-16le"), ("utf-8-sig", "utf-8")])
def test_kind_in_any_encoding(id: str, codec: str, name: str) -> None:
    found = judged(TEXTS[id].decode().encode(codec))
    assert (found.format, found.encoding) == (id, name)


def test_line_ends_do_not_matter() -> None:
    for id, data in TEXTS.items():
        assert judged(data.replace(b"\n", b"\r\n")).format == id


def test_script_that_carries_an_archive_keeps_its_kind() -> None:
    found = judged(b"#!/bin/sh\nexit 0\n" + b"#" * 5000 + gzip.compress(bytes(99), mtime=0))
    assert (found.format, found.encoding, found.confidence) == ("shell", None, 0.5)


def test_habits_alone_do_not_outlive_a_binary_tail() -> None:
    data = (TEXTS["c"] * 100) + bytes(range(256))
    assert candidate(data).format == "c"
    assert (judged(data).format, judged(data).mime) == ("data", "application/octet-stream")


def test_eight_bit_text_is_less_certain() -> None:
    found = judged("Où est donc passé le café ?\n".encode("latin-1"))
    assert (found.format, found.encoding, found.confidence) == ("text", "iso-8859-1", 0.8)


def test_text_without_a_candidate() -> None:
    text = [one for one in facts(b"words\n") if not isinstance(one.body, TypeCandidate)]
    (found,) = TypeJudge().weigh(text, ())
    assert isinstance(found.body, FileType)
    assert found.body.format == "text"
    assert list(TypeJudge().weigh([], ())) == []


@pytest.mark.parametrize(
    ("data", "not_this"),
    [
        (b"MZ is how the story begins, said the wizard, and it went on and on" + bytes(9), "mz"),
        (b"BM, they called it; nobody knew why" + bytes(9), "bmp"),
        (b"PK\3\4 is where an archive would begin, were this one" + bytes(9), "zip"),
        (b"\xff\xfb\x90\x00" + bytes(500), "mp3"),
        (b"\x1f\x8b\x08\x00" + b"\xff" * 60, "gzip"),
        (b"\x7fELF" + bytes(60), "elf"),
        (b"\xca\xfe\xba\xbe" + bytes(60), "class"),
        (bytes(257) + b"ustar" + b"\xff" * 300, "tar"),
        (bytes(0x8001) + b"CD001" + bytes(2048), "iso"),
        (b"0" * 100, "der"),
        (b"GIF8 is not enough" + bytes(9), "gif"),
        (b"d4:this5:is no7:torrent" + bytes(9), "torrent"),
    ],
)
def test_a_magic_number_is_not_enough(data: bytes, not_this: str) -> None:
    found = candidate(data)
    assert found.format != not_this or found.confidence < 0.9


def test_places_further_in_are_read_sparingly() -> None:
    source = BytesSource(bytes(1 << 20))
    assert candidate(source).format == "data"
    assert source.reads < 12


def test_a_zip_of_many_members_stays_within_reason() -> None:
    source = BytesSource(zipped(*(f"{n}.txt" for n in range(3000))))
    assert candidate(source, fuel=1 << 20).format == "zip"
    assert source.reads < 1100


@settings(deadline=None, max_examples=300)
@given(
    start=st.sampled_from([data for data, _ in BINARIES.values()] + list(TEXTS.values())),
    cut=st.integers(0, 3000),
    flips=st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 255)), max_size=12),
    tail=st.binary(max_size=60),
)
def test_mutants_have_a_type(start: bytes, cut: int, flips: list[tuple[int, int]], tail: bytes) -> None:
    data = bytearray(start[:cut] + tail)
    for at, value in flips:
        if at < len(data):
            data[at] = value
    found = judged(bytes(data))
    assert found.format in all_formats()
    assert 0 <= found.confidence <= 1


@settings(deadline=None, max_examples=200)
@given(piece=st.text(alphabet="a1 \n\t#-=:.,;<>[]{}()\"'/*\\|@!%&", min_size=1, max_size=6))
def test_texts_of_one_piece_have_a_type(piece: str) -> None:
    assert candidate((piece * 4096)[:4096].encode()).format in all_formats()
