"""The end of an archive: end record, ZIP64's, and where the central directory really is."""

import struct
from collections.abc import Iterator

from rorqual.analyzers.formats.archives.zip.records import (
    CENTRAL,
    END,
    END64,
    END_SIZE,
    FULL16,
    FULL32,
    LOCATOR64,
)
from rorqual.sdk import Malformed, View, frozen

LOCATOR_SIZE, END64_SIZE = 20, 56
Note = tuple[int, int, str, str]  # offset, size, name of an anomaly, its proof


@frozen
class Ends:
    """Where things are, in bytes from the source's start."""

    at: int  # the end record
    directory: int
    directory_end: int
    base: int  # what the directory's offsets count from
    declared: int  # entries
    zip64: int | None  # where that record is
    comment: bytes  # as far as it is there
    notes: tuple[Note, ...]

    @property
    def end(self) -> int:
        return self.at + END_SIZE + len(self.comment)

    @property
    def tail(self) -> int:
        """Where the records begin that end the archive."""
        return self.at if self.zip64 is None else self.zip64


def plausible(view: View, at: int) -> bool:
    """Whether a directory is where the end record at `at` has it, in a few small reads."""
    head = view.read(at, END_SIZE)
    if len(head) < END_SIZE or head[:4] != END:
        return False
    entries, size, start = struct.unpack_from("<H2L", head, 10)
    if view.read(at - LOCATOR_SIZE, 4) == LOCATOR64:
        return True
    if not entries and not size:
        return at == 0
    return CENTRAL in (view.read(at - size, 4), view.read(start, 4)) and size >= 4


def read_ends(view: View, at: int) -> Ends:
    """What the end record at `at` leads to.

    Raises:
        Malformed: it leads to no directory.
    """
    head = view.exact(at, END_SIZE)
    disk, first, here, declared, size, start, noted = struct.unpack_from("<4H2LH", head, 4)
    notes: list[Note] = []
    zip64 = None
    locator = view.read(at - LOCATOR_SIZE, LOCATOR_SIZE)
    if locator[:4] == LOCATOR64:
        zip64 = _record64(view, at - LOCATOR_SIZE, int.from_bytes(locator[8:16], "little"))
    if zip64 is not None:
        wide = struct.unpack_from("<4Q", view.exact(zip64, END64_SIZE), 24)
        narrow = ((here, FULL16), (declared, FULL16), (size, FULL32), (start, FULL32))
        if any(one not in (full, big) for (one, full), big in zip(narrow, wide, strict=True)):
            proof = f"end record: {here}, {declared}, {size:#x}, {start:#x}; ZIP64: {', '.join(map(hex, wide))}"
            notes.append((at, END_SIZE, "zip64_differs", proof))
        _, declared, size, start = (big if one == full else one for (one, full), big in zip(narrow, wide, strict=True))
    if (disk, first) not in ((0, 0), (FULL16, FULL16), (0, FULL16), (FULL16, 0)):
        notes.append((at + 4, 4, "split_archive", f"disk {disk}, directory on disk {first}"))
    comment = view.read(at + END_SIZE, noted)
    if len(comment) < noted:
        notes.append((at + 20, 2, "comment_cut", f"{noted} bytes declared, {len(comment)} there"))
    if END in comment:
        where = at + END_SIZE + comment.index(END)
        notes.append((where, END_SIZE, "second_end_record", "an end record in the comment of another"))
    tail = at if zip64 is None else zip64
    if not declared and not size:
        if at:
            raise Malformed(at, "an archive that is not empty, or one at the start")
        return Ends(at, at, at, 0, 0, zip64, comment, tuple(notes))
    directory = tail - size
    near = size >= 4 and view.read(directory, 4) == CENTRAL
    if start != directory and start < at and view.read(start, 4) == CENTRAL:
        if near:
            notes.append((start, 4, "two_directories", f"one at {start:#x}, another at {directory:#x}"))
        else:
            notes.append((at + 12, 8, "directory_apart", f"{size:#x} bytes at {start:#x} do not reach {tail:#x}"))
            return Ends(at, start, tail, 0, declared, zip64, comment, tuple(notes))
    if not near:
        raise Malformed(at, f"a central directory at {directory:#x} or {start:#x}")
    return Ends(at, directory, tail, directory - start, declared, zip64, comment, tuple(notes))


def _record64(view: View, locator: int, declared: int) -> int | None:
    """Where ZIP64's end record is: as declared, or right before the locator."""
    for at in _places(locator, declared):
        head = view.read(at, END64_SIZE)
        if head[:4] == END64 and len(head) == END64_SIZE:
            return at
    return None


def _places(locator: int, declared: int) -> Iterator[int]:
    if declared < locator:
        yield declared
    yield locator - END64_SIZE
