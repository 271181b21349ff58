"""Installers and self-extracting archives, each proven by fields of its header that fit the file, never by magic alone.

NSIS: Source/exehead/fileform.h (https://github.com/kichik/nsis). Inno Setup: Projects/Src/Shared.Struct.pas
(https://github.com/jrsoftware/issrc). WiX burn: src/burn/engine/section.cpp (https://github.com/wixtoolset/wix).
7-Zip: DOC/7zFormat.txt. RAR: https://www.rarlab.com/technote.htm. Cabinets: MS-CAB.
InstallShield, AutoIt and Clickteam document nothing; what is checked of them was described by those who unpack them.
"""

import re
import struct
import zlib
from collections.abc import Iterator

from rorqual.analyzers.formats.pe.origin.signs import INSTALLER, RUNTIME, SFX, Sign, Subject
from rorqual.analyzers.formats.pe.resources.resource_lookup import MANIFEST, RCDATA

OVERLAY_HEAD = 16 << 10  # bytes behind the image searched for a header that an alignment or a configuration precedes
_NSIS_BLOCK = 512  # the stub looks for its header at multiples of this
_NSIS = struct.Struct("<II12sII")
_NSIS_RELEASE = re.compile(rb"Nullsoft Install System v?([\w.+-]{1,32})")
_INNO_RESOURCE = 11111
_INNO_ID = b"rDlPtS"
_INNO_TABLES = {1: (44, struct.Struct("<12s8I")), 2: (64, struct.Struct("<12sIQQIIQQII"))}
_INNO_SETUP = re.compile(rb"Inno Setup Setup Data \(([^)\0]{1,32})\)")
_BURN = struct.Struct("<II16s6I")
_BURN_MAGIC, _BURN_CONTAINERS_MAX = 0x00F1_4300, 116
_SEVEN = struct.Struct("<6sBBIQQI")
_SEVEN_MAGIC, _SEVEN_CONFIG = b"7z\xbc\xaf\x27\x1c", b";!@Install@!UTF-8!"
_CABINET = struct.Struct("<4sIIIIIBBHHH")
_AUTOIT = bytes.fromhex("a3484bbe986c4aa9994c530a86d6487d") + b"AU3!EA0"
_AUTOIT_FILE = bytes.fromhex("6b43ca52")  # "FILE" under the key of EA06
_STREAM = struct.Struct("<14sHI24x")
_STREAM_FILE, _PLAIN_FILE = struct.Struct("<II2xI10x"), struct.Struct("<260sIII40x")
_CLICKTEAM = bytes.fromhex("7777777749874712")


def installers(subject: Subject) -> Iterator[Sign]:
    """All that the overlay's head, the resources and the sections prove."""
    overlay = subject.overlay(OVERLAY_HEAD)
    if overlay:
        yield from _nsis(subject, overlay)
        yield from _seven_zip(subject, overlay)
        yield from _rar(subject, overlay)
        yield from _install_shield(subject, overlay)
        yield from _clickteam(subject, overlay)
        yield from _autoit_at(subject, overlay.find(_AUTOIT), overlay, subject.layout.end)
    yield from _inno(subject)
    yield from _burn(subject)
    yield from _wextract(subject)
    script = subject.resources.find(RCDATA, "SCRIPT")
    if script is not None and (at := subject.place(script)) is not None:
        yield from _autoit_at(subject, 0, subject.view.read(at, 64), at)


def _nsis(subject: Subject, overlay: bytes) -> Iterator[Sign]:
    start = subject.layout.end
    for at in range(-start % _NSIS_BLOCK, len(overlay) - _NSIS.size + 1, _NSIS_BLOCK):
        flags, mark, name, header, following = _NSIS.unpack_from(overlay, at)
        if mark != 0xDEAD_BEEF or name != b"NullsoftInst" or flags & ~0xF:
            continue
        if following < _NSIS.size or not header or not subject.holds(start + at, following):
            continue
        manifest = subject.resources.find(MANIFEST, None)
        text = subject.memory.read(manifest.rva, min(manifest.size, 4096)) if manifest is not None else b""
        release = _NSIS_RELEASE.search(text)
        what = "uninstaller" if flags & 1 else "installer"
        proof = f"first header of an {what}: flags {flags:#x}, header of {header} bytes, {following} bytes follow"
        yield Sign("NSIS", INSTALLER, release[1].decode() if release else None, proof, start + at, _NSIS.size)
        return


def _inno(subject: Subject) -> Iterator[Sign]:
    found = subject.resources.find(RCDATA, _INNO_RESOURCE)
    at = subject.place(found) if found is not None else None
    if at is not None:
        table = subject.view.read(at, 64)
        size, form = _INNO_TABLES.get(int.from_bytes(table[12:16], "little"), (0, None))
        if form is None or not table.startswith(_INNO_ID) or len(table) < size:
            return
        fields = form.unpack_from(table)
        if fields[-1] != zlib.crc32(table[: size - 4]):
            return
        total, first = fields[2], fields[6]
        release = _INNO_SETUP.match(subject.view.read(first, 64))
        if release is None:
            return
        proof = f"loader table {fields[1]}, whose CRC holds: setup data at {first:#x}, {total} bytes in all"
        yield Sign("Inno Setup", INSTALLER, release[1].decode("latin-1"), proof, at, size)
        return
    mark, offset, inverse = struct.unpack("<4sII", subject.view.read(0x30, 12).ljust(12, b"\0"))  # before 5.1.5
    if mark == b"Inno" and offset == ~inverse & 0xFFFF_FFFF:
        table = subject.view.read(offset, 44)
        if table.startswith(_INNO_ID) and len(table) >= 40:
            proof = f"mark in the DOS header, loader table {table[6:8].decode('latin-1')} at {offset:#x}"
            yield Sign("Inno Setup", INSTALLER, None, proof, offset, 12)


def _burn(subject: Subject) -> Iterator[Sign]:
    section = subject.section(".wixburn")
    data = subject.head(section, _BURN.size + 4 * _BURN_CONTAINERS_MAX)
    if section is None or len(data) < _BURN.size:
        return
    magic, version, _, stub, _, _, _, form, count = _BURN.unpack_from(data)
    if magic != _BURN_MAGIC or form != 1 or not 0 < count <= _BURN_CONTAINERS_MAX or len(data) < _BURN.size + 4 * count:
        return
    sizes = struct.unpack_from(f"<{count}I", data, _BURN.size)
    if subject.view.read(stub, 4) != b"MSCF" or not subject.holds(stub, sizes[0]):
        return
    proof = f"burn section {version}: stub of {stub} bytes, then {count} containers, the first a cabinet of {sizes[0]}"
    yield Sign("WiX Burn", INSTALLER, None, proof, section.at, _BURN.size + 4 * count)


def _seven_zip(subject: Subject, overlay: bytes) -> Iterator[Sign]:
    at = overlay.find(_SEVEN_MAGIC)
    if at < 0 or len(overlay) < at + _SEVEN.size:
        return
    _, major, minor, crc, offset, size, _ = _SEVEN.unpack_from(overlay, at)
    start = subject.layout.end + at
    if zlib.crc32(overlay[at + 12 : at + _SEVEN.size]) != crc or (
        size and not subject.holds(start + _SEVEN.size + offset, size)
    ):
        return
    before = "an installer's configuration and " if overlay.startswith(_SEVEN_CONFIG) else ""
    proof = f"{before}an archive of version {major}.{minor} behind the image, whose start header's CRC holds"
    yield Sign("7-Zip SFX", SFX, None, proof, start, _SEVEN.size)


def _rar(subject: Subject, overlay: bytes) -> Iterator[Sign]:
    at = overlay.find(b"Rar!\x1a\x07")
    head = overlay[at : at + 256] if at >= 0 else b""
    if len(head) < 20:
        return
    version = None
    if head[6] == 0:  # a marker of 7 bytes, then CRC-16, type, flags, size
        crc, kind, _, size = struct.unpack_from("<HBHH", head, 7)
        if kind == 0x73 and 13 <= size <= len(head) - 7 and zlib.crc32(head[9 : 7 + size]) & 0xFFFF == crc:
            version = "4"
    elif head[6:8] == b"\x01\x00":  # of 8 bytes, then CRC-32 and the size as a number of 7 bits a byte
        crc, size, length = int.from_bytes(head[8:12], "little"), head[12] & 0x7F, 1
        if head[12] & 0x80:
            size, length = size | head[13] << 7, 2
        body = head[12 : 12 + length + size]
        if len(body) == length + size and zlib.crc32(body) == crc:
            version = "5"
    if version is not None:
        proof = "an archive behind the image, the CRC of whose first header holds"
        yield Sign("WinRAR SFX", SFX, version, proof, subject.layout.end + at, 20)


def _wextract(subject: Subject) -> Iterator[Sign]:
    found = subject.resources.find(RCDATA, "CABINET")
    at = subject.place(found) if found is not None else None
    if found is None or at is None or subject.resources.find(RCDATA, "RUNPROGRAM") is None:
        return
    data = subject.view.read(at, _CABINET.size)
    if len(data) < _CABINET.size:
        return
    magic, zero, size, one, files, two, minor, major, folders, count, _ = _CABINET.unpack(data)
    sound = magic == b"MSCF" and not (zero or one or two) and _CABINET.size <= files < size <= found.size
    if sound and (major, minor) == (1, 3) and folders and count:
        proof = f"cabinet of {count} files, {size} bytes, as the resource CABINET, beside RUNPROGRAM"
        yield Sign("IExpress", SFX, None, proof, at, _CABINET.size)


def _autoit_at(subject: Subject, at: int, data: bytes, base: int) -> Iterator[Sign]:
    """The script's GUID and mark, then 16 bytes of checksum, and the word FILE as the mark's version encrypts it."""
    if at < 0 or len(data) < at + 44:
        return
    version = data[at + 23 : at + 24]
    if data[at : at + 23] == _AUTOIT and (version == b"5" or data[at + 40 : at + 44] == _AUTOIT_FILE):
        proof = f"compiled script EA0{version.decode('latin-1')}: its GUID, mark and first record"
        yield Sign("AutoIt", RUNTIME, "3", proof, base + at, 44)


def _install_shield(subject: Subject, overlay: bytes) -> Iterator[Sign]:
    if len(overlay) < _STREAM.size + _STREAM_FILE.size:
        return
    mark, count, kind = _STREAM.unpack_from(overlay)
    rest = overlay[_STREAM.size :]
    if not count or kind > 4:
        return
    if mark.rstrip(b"\0") == b"ISSetupStream":
        name_size, _, size = _STREAM_FILE.unpack_from(rest)
        sound, skip = 2 <= name_size <= 520, _STREAM_FILE.size + name_size
    elif mark.rstrip(b"\0") == b"InstallShield" and len(rest) >= _PLAIN_FILE.size:
        first, _, _, size = _PLAIN_FILE.unpack_from(rest)
        sound, skip = first[0] != 0 and b"\0" in first, _PLAIN_FILE.size
    else:
        return
    if sound and subject.holds(subject.layout.end + _STREAM.size + skip, size):
        name = mark.rstrip(b"\0").decode()
        proof = f"{name} of {count} files behind the image, the first of {size} bytes"
        yield Sign("InstallShield", INSTALLER, None, proof, subject.layout.end, _STREAM.size)


def _clickteam(subject: Subject, overlay: bytes) -> Iterator[Sign]:
    if not overlay.startswith(_CLICKTEAM) or len(overlay) < 32:
        return
    header, size = struct.unpack_from("<II", overlay, 8)
    start = subject.layout.end
    if header == 32 and size >= 32 and subject.view.read(start + size - 32, 4) in (b"PAMU", b"PAME"):
        proof = f"pack data of {size} bytes behind the image, an application's data after it"
        yield Sign("Clickteam Fusion", RUNTIME, None, proof, start, 32)
