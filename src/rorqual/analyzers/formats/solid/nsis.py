"""NSIS installers: behind the stub a first header, then the compiled script and the files, compressed together or each.

Source/exehead/fileform.h (https://github.com/kichik/nsis). The first header has the size of all that follows; the
script's header, decoded, is the proof. nsis_data.py tells the methods apart and lists the files. Not handled: NSIS' own
bzip2 (without marks and CRCs, so that the library does not take it), scripts of 64-bit stubs (files without names),
the CRC-32, which counts the stub in, but for those.
"""

import struct
import zlib
from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.solid.members import Traps
from rorqual.analyzers.formats.solid.nsis_data import FIRST_HEADER, ITEMS_MOST, Item, Packing, names_of, packing_of
from rorqual.sdk import Anchor, Codec, Extent, Hit, Malformed, Part, Refused, Region, Said, View, frozen

UNINSTALLER, SILENT, NO_CRC, FORCE_CRC = 0x1, 0x2, 0x4, 0x8
HEADER_MOST = 16 << 20
STUB_UNCOUNTED = 512
SUMMED_MOST = 16 << 20  # bytes of an installer whose CRC-32 is verified
_FIRST = struct.Struct("<II12sII")


@frozen
class NsisInstaller:
    """An installer's data; the finding spans it from the first header on."""

    tag: ClassVar[str] = "nsis_installer"
    uninstaller: bool
    method: str
    solid: bool
    header_size: int  # bytes of the script, decoded
    files: int | None  # as far as they could be listed


class Nsis:
    """Finds the data of NSIS installers anywhere."""

    name = "nsis"
    version = 1
    wakes_on = (Anchor(rb"[\x00-\x0f]\x00\x00\x00\xef\xbe\xad\xdeNullsoftInst"),)

    def score(self, view: View, /) -> int:
        return 1

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        flags, _, _, header_size, size = _FIRST.unpack(view.exact(0, FIRST_HEADER))
        if not 0 < header_size <= HEADER_MOST or size <= FIRST_HEADER:
            raise Malformed(hit.offset + 20, "sizes of what follows")
        end = size - (0 if flags & NO_CRC and not flags & FORCE_CRC else 4)
        packing = packing_of(view.exact(FIRST_HEADER, 16), header_size)
        present = view.within(0, size)
        if present < size or packing.method == "bzip2":
            uninstaller = bool(flags & UNINSTALLER)
            body = NsisInstaller(uninstaller, packing.method, packing.solid, header_size, None)
            yield hit.finding(0, present, body)
        if present < size:
            return
        if packing.method == "bzip2":
            if _crc_holds(view.sub(-hit.offset), hit.offset + size):
                yield Extent(0, size, "nsis", "the CRC-32 over stub and data holds", "anywhere")
            yield Refused(FIRST_HEADER, end - FIRST_HEADER, "method", 0)
            return
        header, items = packing.read(view, header_size, end)
        names = names_of(header)
        body = NsisInstaller(bool(flags & UNINSTALLER), packing.method, packing.solid, header_size, len(items))
        yield hit.finding(0, size, body)
        yield Extent(0, size, "nsis", f"the script's header decodes to its {header_size} bytes", "anywhere")
        yield from _children(packing, header_size, end, items, names)
        traps = Traps(hit)
        for name in names.values():
            yield from traps.name(0, FIRST_HEADER, name)


def _crc_holds(file: View, end: int) -> bool:
    """Whether the CRC-32 of an installer that begins its source holds; it passes over the first 512 bytes."""
    if not STUB_UNCOUNTED < end <= SUMMED_MOST:
        return False
    value, at = 0, STUB_UNCOUNTED
    while at < end - 4:
        data = file.exact(at, min(1 << 16, end - 4 - at))
        value, at = zlib.crc32(data, value), at + len(data)
    return file.read(end - 4, 4) == value.to_bytes(4, "little")


def _children(packing: Packing, header_size: int, end: int, items: list[Item], names: dict[int, str]) -> Iterator[Said]:
    if packing.solid:
        parts = [Part(4, header_size, "[header]")]
        parts += [Part(one.at, one.size, names.get(one.offset)) for one in items if one.size]
        codec = Codec(f"nsis-{packing.method}", packing.decode, tuple(parts[:ITEMS_MOST]))
        yield Region(FIRST_HEADER, end - FIRST_HEADER, "nsis-data", codec)
        return
    first = Item(0, FIRST_HEADER + 4, packing.header, packing.packed)
    for one, name in ((first, "[header]"), *((one, names.get(one.offset)) for one in items)):
        if one.size:
            codec = Codec(f"nsis-{packing.method}", packing.decode) if one.packed else Codec("nsis-stored", None)
            yield Region(one.at, one.size, "nsis-member", codec, name=name)
