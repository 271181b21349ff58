"""UPX: the pack header that the unpacker goes by, in the gap behind the section table of a PE.

"UPX!", version and format of the header, method and level, checksums and sizes before and after, filter, and a
checksum over all that: https://github.com/upx/upx/blob/devel/src/packhead.cpp. The number of the release stands before
it, as text. An image whose header was wiped is known by its loader (packers.csv).
"""

import re
import struct
from typing import NamedTuple

from rorqual.analyzers.formats.pe.layout import Layout
from rorqual.sdk import View

_MAGIC = b"UPX!"
_HEADER = struct.Struct("<4sBBBBIIIIIBBBB")
_SUM_MODULUS = 251
_LEAST_VERSION = 10  # older headers have no checksum
_FORMATS = {9: "win32/pe", 21: "arm/pe", 36: "win64/pe", 44: "win64arm/pe"}
_METHODS = {2: "NRV2B", 3: "NRV2B", 4: "NRV2B", 5: "NRV2D", 6: "NRV2D", 7: "NRV2D"} | {
    8: "NRV2E",
    9: "NRV2E",
    10: "NRV2E",
    14: "LZMA",
    15: "DEFLATE",
}
_REACH = 0x1000  # bytes behind the section table
_RELEASE = re.compile(rb"(\d\.\d{1,2}(?:\.\d{1,2})?)\0$")


class PackHeader(NamedTuple):
    """What the header says; `at` counts from the image's start."""

    at: int
    size: int
    release: str | None
    proof: str


def pack_header(view: View, layout: Layout) -> PackHeader | None:
    """The first header whose checksum holds and whose sizes make sense."""
    start = layout.headers.table_end
    first = min((section.at for section in layout.sections if section.present), default=start)
    data = view.read(start, min(max(first - start, 0) + _HEADER.size, _REACH))
    at = data.find(_MAGIC)
    while at >= 0:
        view.step()
        found = _parsed(data, at, layout.present)
        if found is not None:
            return found._replace(at=start + found.at)
        at = data.find(_MAGIC, at + 1)
    return None


def _parsed(data: bytes, at: int, image_size: int) -> PackHeader | None:
    if at + _HEADER.size > len(data):
        return None
    fields = _HEADER.unpack_from(data, at)
    _, version, format_, method, level, _, _, unpacked, packed, file_size, *_, checksum = fields
    if version < _LEAST_VERSION or sum(data[at + 4 : at + _HEADER.size - 1]) % _SUM_MODULUS != checksum:
        return None
    if format_ not in _FORMATS or not 2 <= packed <= image_size or unpacked < 2:
        return None
    release = _RELEASE.search(data[:at])
    proof = (
        f"pack header {version}, {_FORMATS[format_]}, {_METHODS.get(method, f'method {method}')}, level {level}: "
        f"{unpacked} bytes in {packed}, file of {file_size}; its checksum holds"
    )
    return PackHeader(at, _HEADER.size, release[1].decode() if release else None, proof)
