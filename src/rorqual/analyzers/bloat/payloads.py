"""What explains bytes that look drawn: a format whose own fields hold, of what installers, archivers and packers write.

A magic number proves nothing: anyone puts one before random bytes. So a checksum of a header must hold, sizes must
fit the file, a stream must decode, or its blocks follow each other, far enough that chance does not come to it.

SquashFS: https://dr-emann.github.io/squashfs/squashfs.html.
NSIS: Source/exehead/fileform.h (https://github.com/kichik/nsis). Inno Setup: Projects/Src/Shared.Struct.pas
(https://github.com/jrsoftware/issrc). PyInstaller: PyInstaller/archive/writers.py
(https://github.com/pyinstaller/pyinstaller). The others are checked by the probe for types.

Not handled: Smart Install Maker, whose header nothing documents. Who writes a whole header with sizes that fit
explains random bytes behind it away: that is what a real payload looks like.
"""

import lzma
import re
import struct
import zlib

from rorqual.analyzers.bloat import streams
from rorqual.analyzers.bloat.streams import Check, Ends
from rorqual.analyzers.formats.type import identify
from rorqual.analyzers.formats.type_head import Head
from rorqual.sdk import View

PROVEN = 0.9  # confidence of a type whose fields were looked at
HITS = 16  # places of one mark that are looked at
NEAREST_COOKIE = 1 << 16
_NSIS = struct.Struct("<II12sII")
_STREAM, _STREAM_FILE, _PLAIN_FILE = (
    struct.Struct("<14sHI24x"),
    struct.Struct("<II2xI10x"),
    struct.Struct("<260sIII40x"),
)
_COOKIE = struct.Struct(">8sIIII")
_COOKIE_MARK = b"MEI\x0c\x0b\x0a\x0b\x0e"
_COOKIE_SIZES = _COOKIE.size, _COOKIE.size + 64  # before and since 2.1, which names the library
_ASAR = 16  # bytes of sizes before the list of files
_INNO_SETUP = 64  # bytes of the name of what follows
_INNO_TABLES = 40, 60  # bytes that the CRC-32 behind them is of


def begins(view: View, at: int, ends: Ends) -> bool:
    """Whether a payload begins at `at` as the type probe knows them, proven by more than a magic number."""
    guess = identify(Head(view.sub(at)))
    deeper = _DEEPER.get(guess.format)
    return guess.confidence >= PROVEN and (deeper is None or deeper(view, at, ends))


def near(view: View, data: bytes, start: int, ends: Ends) -> bool:
    """Whether a payload begins within `data`, which lies at `start`."""
    for mark, check in _MARKS:
        at = data.find(mark)
        for _ in range(HITS):
            if at < 0:
                break
            view.step()
            if check(view, start + at, ends):
                return True
            at = data.find(mark, at + 1)
    return False


def closed(view: View, first: int, end: int) -> bool:
    """Whether PyInstaller's archive ends soon behind the drawn bytes that end at `end`, and begins at `first` or on."""
    start = max(first, end - 4 * _COOKIE.size)
    tail = view.read(start, NEAREST_COOKIE)
    at = tail.find(_COOKIE_MARK)
    if at < 0 or len(tail) - at < _COOKIE.size:
        return False
    _, size, table, table_size, version = _COOKIE.unpack_from(tail, at)
    fits = any(first <= start + at + cookie - size <= end for cookie in _COOKIE_SIZES)
    return fits and table_size > 0 and table + table_size <= size and 20 <= version < 400


def _squashfs(view: View, at: int, ends: Ends) -> bool:
    """bytes_used and the block size, which agrees with its logarithm."""
    head = view.read(at, 48)
    block, log = int.from_bytes(head[12:16], "little"), int.from_bytes(head[22:24], "little")
    used = int.from_bytes(head[40:48], "little")
    return 12 <= log <= 20 and block == 1 << log and 96 < used <= ends.unit - at


def _cab(view: View, at: int, ends: Ends) -> bool:
    return int.from_bytes(view.read(at + 8, 4), "little") <= ends.unit - at


def _zip(view: View, at: int, ends: Ends) -> bool:
    """What the first member's header says follows: data that inflates, another header, the directory."""
    head = view.read(at, 30)
    method, packed = int.from_bytes(head[8:10], "little"), int.from_bytes(head[18:22], "little")
    data = at + 30 + int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little")
    if method == 8 and not head[6] & 1:
        return streams.inflates(view.read(data, streams.TRIED), -zlib.MAX_WBITS)
    follows = view.read(data + packed, 4) if data + packed < ends.unit else b""
    return follows in (b"PK\x03\x04", b"PK\x01\x02", b"PK\x07\x08")


def _ole(view: View, at: int, ends: Ends) -> bool:
    """[MS-CFB] 2.2: the directory lies in the file, and its first entry is the root."""
    head = view.read(at, 52)
    shift, sector = int.from_bytes(head[30:32], "little"), int.from_bytes(head[48:52], "little")
    return shift in (9, 12) and view.read(at + ((sector + 1) << shift), 20) == "Root Entry".encode("utf-16-le")


def _asar(view: View, at: int, ends: Ends) -> bool:
    return at >= _ASAR and begins(view, at - _ASAR, ends)


def _nsis(view: View, at: int, ends: Ends) -> bool:
    head = view.read(at - 4, _NSIS.size) if at >= 4 else b""
    if len(head) < _NSIS.size:
        return False
    flags, _, _, header, following = _NSIS.unpack(head)
    return bool(flags <= 0xF and header > 0 and _NSIS.size < following <= ends.unit - at + 4)


def _inno_setup(view: View, at: int, ends: Ends) -> bool:
    """A CRC-32 of the size of what is stored, and whether it is compressed; the size has 8 bytes since 6.5."""
    head = view.read(at + _INNO_SETUP, 13)
    sum_ = int.from_bytes(head[:4], "little")
    return any(zlib.crc32(head[4 : 4 + size]) == sum_ for size in (5, 9))


def _inno_table(view: View, at: int, ends: Ends) -> bool:
    table = view.read(at, 64)
    return any(zlib.crc32(table[:size]) == int.from_bytes(table[size : size + 4], "little") for size in _INNO_TABLES)


def _inno_slice(view: View, at: int, ends: Ends) -> bool:
    size = int.from_bytes(view.read(at + 8, 4), "little")
    return 12 < size <= ends.unit and min(abs(size - (ends.unit - at)), abs(size - ends.unit)) <= 1 << 16


def _inno_chunk(view: View, at: int, ends: Ends) -> bool:
    """What it is compressed by: zlib, bzip2, LZMA with 5 bytes of properties, LZMA2 with 1."""
    at += 4
    head = view.read(at, 6)
    if len(head) < 6:
        return False
    if head.startswith(b"BZh"):
        return streams.bzip2(view, at, ends)
    if head[0] & 15 == 8 and streams.zlib_stream(view, at, ends):
        return True
    size = int.from_bytes(head[1:5], "little")
    if head[0] < 225 and head[5] == 0 and 1 << 12 <= size <= 1 << 30:
        lc, lp, pb = head[0] % 9, head[0] // 9 % 5, head[0] // 45
        return lc + lp <= 4 and streams.unpacks(
            view.read(at + 5, streams.TRIED), lzma.FILTER_LZMA1, size, lc=lc, lp=lp, pb=pb
        )
    return head[0] <= 40 and streams.unpacks(view.read(at + 1, streams.TRIED), lzma.FILTER_LZMA2, 1 << 20)


def _install_shield(view: View, at: int, ends: Ends) -> bool:
    head = view.read(at, _STREAM.size + _PLAIN_FILE.size)
    if len(head) < _STREAM.size + _PLAIN_FILE.size:
        return False
    mark, count, kind = _STREAM.unpack_from(head)
    if mark.rstrip(b"\0") == b"ISSetupStream":
        name, _, size = _STREAM_FILE.unpack_from(head, _STREAM.size)
        sound, skip = 2 <= name <= 520, _STREAM_FILE.size + name
    else:
        text, _, _, size = _PLAIN_FILE.unpack_from(head, _STREAM.size)
        sound, skip = re.match(rb"[ -~]+\0", text) is not None, _PLAIN_FILE.size
    return bool(sound and count > 0 and kind <= 4 and at + _STREAM.size + skip + size <= ends.unit)


_DEEPER: dict[str, Check] = {
    "lzip": streams.lzip,
    "zstd": streams.zstd,
    "lz4": streams.lz4,
    "gzip": streams.gzip,
    "zlib": streams.zlib_stream,
    "bzip2": streams.bzip2,
    "squashfs": _squashfs,
    "cab": _cab,
    "zip": _zip,
    "ole": _ole,
}
_MARKS: tuple[tuple[bytes, Check], ...] = (
    *((mark, begins) for mark in (b"PK\x03\x04", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"MSCF", b"\xfd7zXZ\x00")),
    *((mark, begins) for mark in (b"BZh", b"\x28\xb5\x2f\xfd", b"hsqs", b"LZIP", b"\x04\x22\x4d\x18", b"\x1f\x8b\x08")),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", begins),
    (b'{"files"', _asar),
    (b"\xef\xbe\xad\xdeNullsoftInst", _nsis),
    (b"Inno Setup Setup Data (", _inno_setup),
    (b"rDlPtS", _inno_table),
    (b"idska32\x1a", _inno_slice),
    (b"zlb\x1a", _inno_chunk),
    (b"ISSetupStream", _install_shield),
    (b"InstallShield", _install_shield),
)
