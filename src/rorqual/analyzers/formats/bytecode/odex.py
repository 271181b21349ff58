"""What Android makes of dex files when it installs them: "dey\\n036\\0", a header of offsets and sizes and an Adler-32
of what follows the dex file (Dalvik); "vdex" and a version (ART), which is no more than told of.

https://android.googlesource.com/platform/dalvik/+/master/libdex/DexFile.h: struct DexOptHeader. OAT files are ELF.
"""

import struct
import zlib
from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.bytecode import ODEX
from rorqual.analyzers.formats.strings import printable
from rorqual.sdk import Anomaly, Codec, Extent, Hit, Malformed, Region, Said, View, frozen

HEADER = 40
SUMMED_MOST = 1 << 20
_HEADER = struct.Struct("<8x8I")


@frozen
class OptimisedDex:
    """An optimised dex file, or the head of a verified one ("vdex")."""

    tag: ClassVar[str] = "optimised_dex"
    kind: str  # "odex", "vdex"
    version: str
    dex_size: int | None
    dependencies_size: int | None
    optimised_size: int | None
    checksum_holds: bool | None


class Odex:
    """Finds optimised dex files anywhere."""

    name = "odex"
    version = 1
    wakes_on = ODEX

    def score(self, view: View, /) -> int:
        """The dex file follows the header."""
        return int(view.read(0, 4) == b"vdex" or view.read(8, 4) == b"\x28\0\0\0")

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        version = printable(view.exact(4, 3))
        if view.exact(0, 4) == b"vdex":
            yield hit.finding(0, 8, OptimisedDex("vdex", version, None, None, None, None))
            return
        at, size, *places, _, checksum = _HEADER.unpack(view.exact(0, HEADER))
        dependencies_at, dependencies, optimised_at, optimised = places
        end = max(at + size, dependencies_at + dependencies, optimised_at + optimised)
        if not HEADER <= at + size <= dependencies_at <= dependencies_at + dependencies <= optimised_at:
            raise Malformed(hit.offset + 8, "a dex file, its dependencies and what was added, in this order")
        present = view.within(0, end)
        covered = end - dependencies_at
        sums = None
        if present == end and covered <= SUMMED_MOST:
            sums = zlib.adler32(view.exact(dependencies_at, covered)) == checksum
        yield hit.finding(0, present, OptimisedDex("odex", version, size, dependencies, optimised, sums))
        inner = view.read(at, 4) == b"dex\n"
        if present == end and (sums or (sums is None and inner)):
            yield Extent(0, end, "odex", "Adler-32 holds" if sums else "parts follow each other around a dex file")
        if sums is False:
            yield hit.finding(36, 4, Anomaly("odex_checksum_wrong", f"stored {checksum:#010x}"))
        if inner and present >= at + size:
            yield Region(at, size, "odex-dex", Codec("odex", None), name="classes.dex")
