"""How the data of an NSIS installer is packed, and which files are in it.

Solid: one stream of a size and the script's header, then a size and a file, again and again. Else each of them is
compressed for itself, and its size says so in the highest bit.
"""

import lzma
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from rorqual.analyzers.formats.solid.unpackers import cut, filtered, inflated, read_through, unlzma
from rorqual.sdk import Malformed, View

FIRST_HEADER = 28
PACKED = 0x8000_0000
ENDLESS = 1 << 62
LISTED_MOST = 32 << 20  # decoded bytes in which files of a solid installer are listed
ITEMS_MOST = 4096
DICTIONARY_MOST = 64 << 20
EXTRACT = 20  # the instruction that writes a file
ENTRY = struct.Struct("<7i")
NAME_MOST = 512  # bytes
_ANSI_CODE, _WIDE_CODE = re.compile(rb"[\x01-\x04\xfc-\xff].."), re.compile("[\x01-\x04].")


class Item(NamedTuple):
    """A file: where the script says it is, and where its bytes are, in the installer or in the decoded stream."""

    offset: int
    at: int
    size: int
    packed: bool


@dataclass(frozen=True)
class Packing:
    """A method: "stored", "deflate", "lzma" or "bzip2"; `branches`: x86 code is filtered."""

    method: str
    solid: bool
    packed: bool = True  # the header
    header: int = 0  # bytes of the header, as it is stored
    branches: bool = False

    def decode(self, view: View) -> Iterator[bytes]:
        """The stream at the view.

        Raises:
            Malformed: it breaks.
        """
        if self.method == "deflate":
            return inflated(read_through(view, 0, ENDLESS), ENDLESS, view.offset)
        if self.method == "stored":
            return read_through(view, 0, ENDLESS)
        at = int(self.branches or view.exact(0, 1)[0] < 2)
        branches = bool(at and view.exact(0, 1)[0])
        properties = view.exact(at, 5)
        bits, dictionary = properties[0], int.from_bytes(properties[1:], "little")
        if bits >= 225 or dictionary > DICTIONARY_MOST:
            raise Malformed(view.offset + at, "properties of LZMA")
        chain = {"lc": bits % 9, "lp": bits // 9 % 5, "pb": bits // 45}
        chain |= {"id": lzma.FILTER_LZMA1, "dict_size": max(4096, dictionary)}
        pieces = unlzma(read_through(view, at + 5, ENDLESS), [chain], ENDLESS, view.offset)
        return filtered(pieces, {"id": lzma.FILTER_X86}, ENDLESS, view.offset) if branches else pieces

    def read(self, view: View, header_size: int, end: int) -> tuple[bytes, list[Item]]:
        """The script's header, and the files behind it.

        Raises:
            Malformed: the header is not of its size.
        """
        if self.solid:
            return self._read_solid(view, header_size, end)
        data = view.sub(FIRST_HEADER + 4, self.header)
        pieces = self.decode(data) if self.packed else read_through(data, 0, self.header)
        header = b"".join(cut(_paid(pieces, view), header_size))
        if len(header) != header_size:
            raise Malformed(view.offset + FIRST_HEADER, f"a header of {header_size} bytes, found {len(header)}")
        start = at = FIRST_HEADER + 4 + self.header
        items = list[Item]()
        while at + 4 <= end and len(items) < ITEMS_MOST:
            size = int.from_bytes(view.exact(at, 4), "little")
            packed, size = bool(size & PACKED), size & ~PACKED
            if at + 4 + size > end:
                break
            items.append(Item(at - start, at + 4, size, packed))
            at += 4 + size
        return header, items

    def _read_solid(self, view: View, header_size: int, end: int) -> tuple[bytes, list[Item]]:
        pieces = _paid(self.decode(view.sub(FIRST_HEADER, end - FIRST_HEADER)), view)
        data, start, at = bytearray(), 0, 0  # what was decoded from `start` of the stream on
        header, items = b"", list[Item]()
        for piece in pieces:
            data += piece
            if not header:
                if len(data) < 4 + header_size:
                    continue
                if int.from_bytes(data[:4], "little") != header_size:
                    break
                header, at = bytes(data[4 : 4 + header_size]), 4 + header_size
            while at + 4 <= start + len(data) and len(items) < ITEMS_MOST:
                size = int.from_bytes(data[at - start : at - start + 4], "little") & ~PACKED
                items.append(Item(at - 4 - header_size, at + 4, size, packed=True))
                at += 4 + size
            passed = min(at - start, len(data))
            del data[:passed]
            start += passed
            if start > LISTED_MOST or len(items) >= ITEMS_MOST:
                break
        if not header:
            raise Malformed(view.offset + FIRST_HEADER, f"a header of {header_size} bytes")
        return header, items


def _paid(pieces: Iterator[bytes], view: View) -> Iterator[bytes]:
    for piece in pieces:
        view.step(len(piece) // 16)
        yield piece


def packing_of(data: bytes, header_size: int) -> Packing:
    """What the first bytes behind the first header tell."""
    first = int.from_bytes(data[:4], "little")
    if _is_lzma(data):
        return Packing("lzma", True)
    if first == header_size:
        return Packing("stored", False, packed=False, header=header_size)
    if data[3] == PACKED >> 24:
        method = "lzma" if _is_lzma(data[4:]) else "bzip2" if _is_bzip2(data[4:]) else "deflate"
        return Packing(method, False, header=first & ~PACKED)
    return Packing("bzip2" if _is_bzip2(data) else "deflate", True)


def _is_lzma(data: bytes) -> bool:
    """Properties, perhaps behind a flag for filtered code, and data that begins with a zero."""
    at = int(data[0] < 2)
    return data[at] == 0x5D and data[at + 1 : at + 3] == b"\0\0" and data[at + 5] == 0 and data[at + 6] < 0x80


def _is_bzip2(data: bytes) -> bool:
    return data[0] == 0x31 and data[1] < 14


def names_of(header: bytes) -> dict[int, str]:
    """By the offset of their data, what the script calls the files that it writes."""
    names = dict[int, str]()
    if len(header) < 68:
        return names
    (at, count), (strings, _) = struct.unpack_from("<II", header, 20), struct.unpack_from("<II", header, 28)
    if not 68 <= at < len(header) or not at < strings < len(header) or at + count * ENTRY.size > strings:
        return names
    wide = header[strings : strings + 2] == b"\0\0"
    for number in range(min(count, 1 << 16)):
        entry = ENTRY.unpack_from(header, at + number * ENTRY.size)
        if entry[0] == EXTRACT and entry[2] >= 0:
            name = _text(header, strings + entry[2] * (2 if wide else 1), wide)
            if name and len(names) < ITEMS_MOST:
                names[entry[3]] = name
    return names


def _text(header: bytes, at: int, wide: bool) -> str:
    data = header[at : at + NAME_MOST]
    if wide:
        return _WIDE_CODE.sub("", data.decode("utf-16-le", "replace").partition("\0")[0])
    return _ANSI_CODE.sub(b"", data.partition(b"\0")[0]).decode("cp1252", "replace")
