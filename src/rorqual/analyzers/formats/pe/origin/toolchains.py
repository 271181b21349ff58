"""Compilers and runtimes, by what they leave at fixed places: build marks, ident strings, resources, headers.

Go: src/debug/buildinfo (https://pkg.go.dev/debug/buildinfo). Rust: library/core panics carry paths below /rustc/<hash>.
GCC: -fident strings, which MinGW gathers in .rdata. Delphi: compiler's string in .rdata, RCDATA DVCLAL. PyInstaller:
https://pyinstaller.org/en/stable/advanced-topics.html. py2exe: source/start.c. Nuitka: the constants' resource and the
onefile payload (https://github.com/Nuitka/Nuitka). node: https://nodejs.org/api/single-executable-applications.html
A compiler that leaves no mark is not told.
"""

import re
import struct
import zlib
from collections.abc import Iterator

from rorqual.analyzers.formats.pe.headers import DOS_SIZE
from rorqual.analyzers.formats.pe.origin.signs import COMPILER, RUNTIME, Sign, Subject
from rorqual.analyzers.formats.pe.resources.resource_lookup import RCDATA

RDATA_HEAD, RDATA_TAIL = 64 << 10, 16 << 10  # bytes searched: Rust's paths come first, GCC's strings last
TEXT_HEAD, DATA_HEAD = 4 << 10, 4 << 10
COM_DESCRIPTOR = 14
_NAMES_MAX = 32  # bytes of what a mark names as its version

_RUST = re.compile(rb"/rustc/([0-9a-f]{40})[/\\]")
_GCC = re.compile(rb"GCC: \(([^)\0]{1,64})\) ([0-9][\w.+-]{0,31})")
_MINGW = b"Mingw-w64 runtime failure:\n"
_DELPHI = re.compile(rb"Embarcadero Delphi for Win(?:32|64) compiler version ([0-9.]{1,16})")
_FPC = re.compile(rb"FPC ([0-9.]{3,12}) \[\d{4}/\d\d/\d\d\]")
_GO_ID = re.compile(rb'\xff Go build ID: "([!-~]{1,200})"\n \xff')
_GO_INFO = b"\xff Go buildinf:"
_CLR = struct.Struct("<IHHII")
_BSJB = struct.Struct("<4sHHII")
_RICH, _DANS = b"Rich", int.from_bytes(b"DanS", "little")
_PY2EXE = 0x7856_3412
_SEA = 0x0143_DA20
_CX_FREEZE = (b"cx_Freeze Fatal Error", "cx_Freeze Fatal Error".encode("utf-16-le"))
_PYI = b"_PYI_ARCHIVE_FILE"
_NUITKA_READ = 1 << 20  # larger constants are not summed
_COFF_FILE = b".file\0\0\0"
_CRT_FILES = (b"crtexe.c", b"crtdll.c", b"crt1.c", b"dllcrt1.c", b"crt2.c")


def toolchains(subject: Subject) -> Iterator[Sign]:
    """All that is recognised."""
    yield from _dotnet(subject)
    yield from _msvc(subject)
    yield from _go(subject)
    yield from _from_rdata(subject)
    yield from _symbols(subject)
    yield from _from_resources(subject)


def _dotnet(subject: Subject) -> Iterator[Sign]:
    for entry in subject.layout.headers.directories[COM_DESCRIPTOR : COM_DESCRIPTOR + 1]:
        head = subject.memory.read(entry.rva, _CLR.size) if entry.rva else b""
        if len(head) < _CLR.size:
            return
        size, major, minor, rva, _ = _CLR.unpack(head)
        root = subject.memory.read(rva, _BSJB.size + 256)
        at = subject.layout.at(rva)
        if size < 72 or len(root) < _BSJB.size or at is None:
            return
        mark, _, _, _, length = _BSJB.unpack_from(root)
        if mark == b"BSJB" and 0 < length <= 255:
            version = root[_BSJB.size : _BSJB.size + length].split(b"\0")[0].decode("ascii", "backslashreplace")
            proof = f"CLR header {major}.{minor}, metadata root at RVA {rva:#x}"
            yield Sign(".NET", RUNTIME, version, proof, at, min(_BSJB.size + length, subject.layout.mapped(rva)[1]))


def _msvc(subject: Subject) -> Iterator[Sign]:
    """The linker's own mark: a rich header that decodes."""
    headers = subject.layout.headers
    stub = subject.view.read(0, min(headers.dos.e_lfanew, 4096))
    end = stub.rfind(_RICH, DOS_SIZE)
    if end < 0 or len(stub) < end + 8:
        return
    key = int.from_bytes(stub[end + 4 : end + 8], "little")
    start = stub.find((_DANS ^ key).to_bytes(4, "little"), DOS_SIZE, end)
    if start < 0 or (end - start) % 8:
        return
    version = f"{headers.optional.linker_major}.{headers.optional.linker_minor:02}"
    names = [section.name for section in subject.layout.sections if section.name in (".CRT", "_RDATA", ".fptable")]
    proof = f"rich header of {(end - start) // 8 - 2} tools, linker {version}" + (
        f", sections {', '.join(names)}" if names else ""
    )
    yield Sign("Microsoft Visual C++", COMPILER, version, proof, start, end + 8 - start)


def _go(subject: Subject) -> Iterator[Sign]:
    text, data = subject.section(".text"), subject.section(".data")
    found = _GO_ID.search(subject.head(text, TEXT_HEAD))
    info = subject.head(data, DATA_HEAD)
    at = info.find(_GO_INFO)
    version = None
    if (
        at >= 0 and at % 16 == 0 and info[at + 15 : at + 16] == b"\x02"
    ):  # since Go 1.18 the text follows, its size first
        size = info[at + 32] if len(info) > at + 32 else 0
        text_at = at + 33
        if 0 < size <= _NAMES_MAX and info[text_at : text_at + 2] == b"go":
            version = info[text_at + 2 : text_at + size].decode("ascii", "backslashreplace")
    if found is not None and text is not None:
        yield Sign("Go", COMPILER, version, "build id at the start of .text", text.at + found.start(), len(found[0]))
    elif version is not None and data is not None:
        yield Sign("Go", COMPILER, version, "build information in .data", data.at + at, 33 + len(version) + 2)
    fpc = _FPC.search(info)
    if fpc is not None and data is not None:
        proof = "the compiler's mark at the start of .data"
        yield Sign("Free Pascal", COMPILER, fpc[1].decode(), proof, data.at + fpc.start(), len(fpc[0]))


def _from_rdata(subject: Subject) -> Iterator[Sign]:
    section = subject.section(".rdata")
    if section is None:
        return
    head = subject.head(section, RDATA_HEAD)
    tail_at = max(len(head), section.present - RDATA_TAIL)
    tail = subject.view.read(section.at + tail_at, section.present - tail_at) if section.present > len(head) else b""
    rust = _RUST.search(head)
    if rust is not None:
        version = rust[1].decode()
        yield Sign("Rust", COMPILER, version, "paths of the compiler's commit in .rdata", section.at + rust.start(), 48)
    for data, base in ((head, 0), (tail, tail_at)):
        gcc = _GCC.search(data)
        if gcc is not None:
            proof = f"ident string: {gcc[1].decode('ascii', 'backslashreplace')}"
            yield Sign("GCC", COMPILER, gcc[2].decode(), proof, section.at + base + gcc.start(), len(gcc[0]))
            break
    mingw = head.find(_MINGW)
    if mingw >= 0:
        proof = "the runtime's message in .rdata"
        yield Sign("MinGW-w64", RUNTIME, None, proof, section.at + mingw, len(_MINGW))
    delphi = _DELPHI.search(head)
    if delphi is not None:
        proof = "the compiler's string at the start of .rdata"
        yield Sign("Delphi", COMPILER, delphi[1].decode(), proof, section.at + delphi.start(), len(delphi[0]))
    for mark in _CX_FREEZE:
        at = head.find(mark)
        if at >= 0:
            proof = "the initialisation's message in .rdata"
            yield Sign("cx_Freeze", RUNTIME, None, proof, section.at + at, len(mark))
    at = head.find(_PYI)
    if at >= 0:
        proof = "the bootloader's environment variable in .rdata; an archive is told by itself"
        yield Sign("PyInstaller bootloader", RUNTIME, None, proof, section.at + at, len(_PYI))


def _symbols(subject: Subject) -> Iterator[Sign]:
    """GNU ld keeps symbols; the first names the source of MinGW's start-up code."""
    for part in subject.layout.parts:
        if part.name == "symbols" and part.sound:
            head = subject.view.read(part.at, 36)
            source = head[18:36].rstrip(b"\0")
            if len(head) == 36 and head.startswith(_COFF_FILE) and source in _CRT_FILES:
                proof = f"COFF symbols begin with the file {source.decode()}"
                yield Sign("MinGW", RUNTIME, None, proof, part.at, 36)


def _from_resources(subject: Subject) -> Iterator[Sign]:
    resources = subject.resources
    delphi = resources.find(RCDATA, "DVCLAL")
    if delphi is not None and delphi.size == 16 and resources.find(RCDATA, "PACKAGEINFO") is not None:
        at = subject.place(delphi)
        if at is not None and subject.holds(at, 16):
            yield Sign("Delphi", COMPILER, None, "resources DVCLAL of 16 bytes and PACKAGEINFO", at, 16)
    script = resources.find("PYTHONSCRIPT", None)
    if script is not None and (at := subject.place(script)) is not None:
        head = subject.view.read(at, 16).ljust(16, b"\0")
        mark, optimise, unbuffered, size = struct.unpack("<IIII", head)
        sound = optimise <= 2 and unbuffered <= 1 and 0 < size <= script.size - 16
        if mark == _PY2EXE and sound and subject.holds(at, 16 + size):
            yield Sign("py2exe", RUNTIME, None, f"script resource of {size} bytes, its head sound", at, 16)
    blob = resources.find(RCDATA, "NODE_SEA_BLOB")
    at = None if blob is None else subject.place(blob)
    if blob is not None and at is not None and subject.view.read(at, 4) == _SEA.to_bytes(4, "little"):
        proof = f"application of {blob.size} bytes as the resource NODE_SEA_BLOB"
        yield Sign("Node.js single executable", RUNTIME, None, proof, at, 4)
    yield from _nuitka(subject)


def _nuitka(subject: Subject) -> Iterator[Sign]:
    payload = subject.resources.find(RCDATA, 27)
    if payload is not None and (at := subject.place(payload)) is not None:
        head = subject.view.read(at, 7)
        if head.startswith(b"KAX") or head == b"KAY\x28\xb5\x2f\xfd":
            how = "compressed with Zstandard" if head[2:3] == b"Y" else "stored"
            yield Sign("Nuitka", RUNTIME, None, f"onefile payload of {payload.size} bytes, {how}", at, len(head))
    constants = subject.resources.find(RCDATA, 3)
    if constants is not None and (at := subject.place(constants)) is not None:
        head = subject.view.read(at, 8)
        crc, size = struct.unpack("<II", head.ljust(8, b"\0"))
        if 0 < size <= min(constants.size - 8, _NUITKA_READ) and zlib.crc32(subject.view.read(at + 8, size)) == crc:
            yield Sign("Nuitka", RUNTIME, None, f"constants of {size} bytes, whose CRC holds", at, 8 + size)
