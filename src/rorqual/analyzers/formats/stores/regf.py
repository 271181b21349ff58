"""Windows registry hives: "regf", a header of 4096 bytes with a checksum, then bins ("hbin") of cells.

https://github.com/msuhanov/regf/blob/master/Windows%20registry%20file%20format%20specification.md. Keys and values are
not walked; of the root key the name and the last write are told. Cells that are free are room.
"""

import struct
from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.reader import told
from rorqual.analyzers.formats.stores import REGF
from rorqual.analyzers.formats.strings import printable
from rorqual.analyzers.formats.times import filetime
from rorqual.sdk import Anomaly, Extent, Hit, Malformed, Room, Said, View, frozen

BASE = 4096  # bytes of the header; offsets of cells count from its end
BIN_HEADER = 32
BIN_MOST = 1 << 26
BINS_MOST = 1 << 18
CELLS_READ = 1 << 20  # bytes of bins whose cells are walked
ROOMS_MOST = 128
RESERVED_AT, RESERVED_END = 512, BASE
LOGS = 1, 2, 6  # kinds of files that are logs of a hive


@frozen
class RegistryHive:
    """A hive. The finding has the size that its header gives, as far as it is there."""

    tag: ClassVar[str] = "registry_hive"
    version: str
    file_name: str  # the end of the path it was written to
    written: str | None
    clean: bool  # both counters of writes agree
    checksum_holds: bool
    bins: int
    root_key: str | None
    root_written: str | None
    log: bool  # of changes of a hive, and none itself


class Regf:
    """Finds hives anywhere."""

    name = "regf"
    version = 1
    wakes_on = REGF

    def score(self, view: View, /) -> int:
        """A version, a kind of file and a format there are."""
        head = view.read(20, 16)
        major, minor, kind, form = struct.unpack("<4I", head) if len(head) == 16 else (0, 0, 0, 0)
        return int(major == 1 and minor <= 6 and kind in (0, *LOGS) and form == 1)

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        head = view.exact(0, 512)
        first, second, stamp, major, minor, kind, _, root, size = struct.unpack_from("<2IQ6I", head, 4)
        words = struct.unpack("<127I", head[:508])
        total = 0
        for word in words:
            total ^= word
        total = {0: 1, 0xFFFFFFFF: 0xFFFFFFFE}.get(total, total)
        sums = total == int.from_bytes(head[508:], "little")
        end = BASE + size
        if size % 4096 or not size or size > 1 << 32:
            raise Malformed(hit.offset + 40, "bins of whole pages")
        bins, reached = (0, 0) if kind else _bins(view, size)
        if not kind and not bins and not sums:
            raise Malformed(hit.offset + BASE, "a bin")
        name, written = _root(view, root) if not kind else (None, None)
        present = BASE + reached if not kind else 512
        file_name = head[48:112].decode("utf-16-le", "replace").partition("\0")[0]
        yield hit.finding(
            0,
            view.within(0, present),
            RegistryHive(
                version=f"{major}.{minor}",
                file_name=file_name if file_name.isprintable() else printable(head[48:112]),
                written=filetime(stamp),
                clean=first == second,
                checksum_holds=sums,
                bins=bins,
                root_key=name,
                root_written=written,
                log=kind != 0,
            ),
        )
        if not sums:
            yield hit.finding(508, 4, Anomaly("hive_checksum_wrong", f"computed {total:#010x}"))
        if kind or reached < size or not (sums or name):
            return
        yield Extent(0, end, "regf", "bins follow each other to the size told" + (", checksum holds" if sums else ""))
        if told(view, RESERVED_AT, RESERVED_END - RESERVED_AT):
            yield hit.finding(RESERVED_AT, RESERVED_END - RESERVED_AT, Room("regf", "unused"))
        yield from _free(hit, size)


def _bins(view: View, size: int) -> tuple[int, int]:
    """How many bins are there, one behind the other, and how many bytes they are."""
    at = count = 0
    while at < size and count < BINS_MOST:
        view.step()
        head = view.read(BASE + at, 12)
        if len(head) < 12 or head[:4] != b"hbin":
            break
        place, length = struct.unpack_from("<2I", head, 4)
        if place != at or not length or length % 4096 or length > min(size - at, BIN_MOST):
            break
        if not view.holds(BASE + at + length - 1):
            break
        at += length
        count += 1
    return count, at


def _root(view: View, at: int) -> tuple[str | None, str | None]:
    """Name and last write of the root key."""
    cell = view.read(BASE + at, 4 + 76 + 512)
    if len(cell) < 80 or cell[4:6] != b"nk":
        return None, None
    flags, written = struct.unpack_from("<HQ", cell, 6)
    size = int.from_bytes(cell[4 + 72 : 4 + 74], "little")
    raw = cell[80 : 80 + size]
    text = raw.decode("latin-1" if flags & 0x20 else "utf-16-le", "replace")
    return text if text.isprintable() else printable(raw), filetime(written)


def _free(hit: Hit, size: int) -> Iterator[Said]:
    view, rooms, at = hit.view, 0, 0
    while at < min(size, CELLS_READ):
        length = int.from_bytes(view.exact(BASE + at + 8, 4), "little")
        data = view.exact(BASE + at, length)
        cell = BIN_HEADER
        while cell + 4 <= length:
            view.step()
            signed = int.from_bytes(data[cell : cell + 4], "little", signed=True)
            width = abs(signed)
            if width < 8 or cell + width > length:
                break
            if signed > 0 and any(data[cell + 4 : cell + width]) and width >= 12 and rooms < ROOMS_MOST:
                yield hit.finding(BASE + at + cell + 4, width - 4, Room("regf", "unused"))
                rooms += 1
            cell += width
        at += length
