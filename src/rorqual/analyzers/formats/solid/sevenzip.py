"""7z archives: a signature header of 32 bytes with a CRC of its own, packed streams, and the database behind them.

DOC/7zFormat.txt of the LZMA SDK (https://www.7-zip.org/sdk.html).

sevenzip_header.py    how the database is written; what is packed how
sevenzip_files.py     what the files are called
sevenzip_coders.py    how folders are decoded
sevenzip_database.py  what comes of it

Not handled: PPMd, Deflate64, filters for ARM64 and RISC-V, what others added (Zstandard, Brotli), folders described in
external streams, and archives in volumes, which are cut anywhere.
"""

import struct
import zlib
from collections.abc import Iterator

from rorqual.analyzers.formats.solid.sevenzip_bodies import SevenZipArchive
from rorqual.analyzers.formats.solid.sevenzip_database import HEADER_MOST, Database
from rorqual.sdk import Anchor, Anomaly, Extent, Hit, Malformed, Refused, Said, View

HEAD = struct.Struct("<6sBBIQQI")


class SevenZip:
    """Finds 7z archives anywhere."""

    name = "7z"
    version = 1
    wakes_on = (Anchor(rb"7z\xbc\xaf\x27\x1c\x00"),)

    def score(self, view: View, /) -> int:
        """Whether the CRC of the first header holds."""
        head = view.read(0, HEAD.size)
        return int(len(head) == HEAD.size and zlib.crc32(head[12:]) == int.from_bytes(head[8:12], "little"))

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        _, major, minor, crc, offset, size, digest = HEAD.unpack(view.exact(0, HEAD.size))
        if zlib.crc32(view.exact(12, 20)) != crc:
            raise Malformed(hit.offset + 8, "the CRC of the first header")
        start, version = HEAD.size + offset, f"{major}.{minor}"
        end = start + size
        if not size:
            if offset or digest:
                raise Malformed(hit.offset + 12, "a database")
            yield hit.finding(0, end, SevenZipArchive(version, 0, 0, (), False, "plain", False, None, 0))
            yield Extent(0, end, "7z", "the CRC of the first header holds; an archive of nothing", "within 1048576")
            return
        if view.within(start, size) < size:
            present = HEAD.size + view.within(HEAD.size, end - HEAD.size)
            yield hit.finding(0, present, SevenZipArchive(version, None, 0, (), False, "plain", False, None, 0))
            return
        if size > HEADER_MOST:
            yield Refused(HEAD.size, end - HEAD.size, "header", HEADER_MOST)
            return
        data = view.exact(start, size)
        if zlib.crc32(data) != digest:
            yield hit.finding(start, size, Anomaly("database_crc_wrong", f"stored {digest:#010x}"))
            return
        yield Extent(0, end, "7z", "the CRCs of the first header and of the database hold", "within 1048576")
        yield from Database(hit, version, start, end).read(data)
