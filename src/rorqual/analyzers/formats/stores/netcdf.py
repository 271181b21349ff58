"""Classic netCDF: "CDF", a version, and lists of dimensions, attributes and variables; then the variables' values.

https://docs.unidata.ucar.edu/netcdf-c/current/file_format_specifications.html: versions 1 (32-bit offsets), 2 (64-bit
offsets) and 5 (64-bit data). The end follows from where variables begin and how long they are.
"""

from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.reader import Cut, Reader
from rorqual.analyzers.formats.stores import NETCDF
from rorqual.analyzers.formats.strings import printable
from rorqual.sdk import Extent, Hit, Said, View, frozen

DIMENSION, VARIABLE, ATTRIBUTE = 10, 11, 12
WIDTHS = {1: 1, 2: 1, 3: 2, 4: 4, 5: 4, 6: 8, 7: 1, 8: 2, 9: 4, 10: 8, 11: 8}
ENTRIES_MOST = 1 << 16
RANK_MOST = 1024
NAME_MOST = 4096
NAMES_TOLD = 64
SIZE_MOST = 1 << 48


@frozen
class NetCDFFile:
    """A file. The finding spans it, as far as it is there."""

    tag: ClassVar[str] = "netcdf_file"
    version: int
    records: int | None  # None: not counted, the file is written as it streams
    dimensions: tuple[str, ...]  # "time=12", the first 64
    variables: tuple[str, ...]
    variable_count: int
    attributes: int  # of the whole


class NetCDF:
    """Finds netCDF files anywhere."""

    name = "netcdf"
    version = 1
    wakes_on = NETCDF

    def score(self, view: View, /) -> int:
        """The count of the first list fits whether there is one."""
        wide = view.read(3, 1) == b"\5"
        at, width = (12, 8) if wide else (8, 4)
        head = view.read(at, 4 + width)
        tag, count = int.from_bytes(head[:4], "big"), int.from_bytes(head[4:], "big")
        return int((tag == 0 and count == 0) or (tag == DIMENSION and 0 < count <= ENTRIES_MOST))

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        version = view.exact(3, 1)[0]
        try:
            file = _Header(view, version)
        except Cut:
            return
        present = view.within(0, file.end)
        body = NetCDFFile(
            version=version,
            records=file.records,
            dimensions=tuple(f"{name}={size}" for name, size in file.dimensions[:NAMES_TOLD]),
            variables=tuple(file.variables[:NAMES_TOLD]),
            variable_count=len(file.variables),
            attributes=file.attributes,
        )
        yield hit.finding(0, present, body)
        if present == file.end and (file.variables or file.attributes):
            yield Extent(0, file.end, "netcdf", "lists parse to their ends, variables lie behind them")


class _Header:
    """The lists, and where the file ends.

    Raises:
        Malformed: there are none.
        Cut: they go on behind the end of the source.
    """

    def __init__(self, view: View, version: int) -> None:
        reader = self._reader = Reader(view, 4, big=True)
        self._wide = 8 if version == 5 else 4  # bytes of counts
        records = reader.number(self._wide)
        self.records = None if records == (1 << 8 * self._wide) - 1 else records
        self.dimensions = [(self._name(), reader.number(self._wide)) for _ in range(self._list(DIMENSION))]
        self.attributes = self._attributes()
        self.variables: list[str] = []
        ends, record, first, aligned = [0, 0], 0, None, 0
        single = 0
        for _ in range(self._list(VARIABLE)):
            self.variables.append(self._name())
            rank = reader.number(self._wide)
            reader.check(rank <= RANK_MOST, f"at most {RANK_MOST} dimensions")
            sides = [reader.number(self._wide) for _ in range(rank)]
            reader.check(all(side < len(self.dimensions) for side in sides), "dimensions that were told")
            self._attributes()
            width = WIDTHS.get(reader.number(4), 0)
            reader.check(width > 0, "a type")
            reader.number(self._wide)  # the size, which is redundant and wrong where it is large
            begin = reader.number(4 if version == 1 else 8)
            reader.check(begin < SIZE_MOST, "a place of a variable")
            grows = rank > 0 and self.dimensions[sides[0]][1] == 0
            size = width
            for side in sides[1 if grows else 0 :]:
                size = min(size * self.dimensions[side][1], SIZE_MOST)
            if grows:
                first = begin if first is None else min(first, begin)
                record, single, aligned = record + (size + 3 & ~3), size, aligned + 1
            else:
                ends.append(begin + size)
        header = reader.at
        last = max(ends)
        if first is not None:
            if aligned == 1:  # a single variable with records has no padding between them
                record = single
            last = max(last, first + min(record * (self.records or 0), SIZE_MOST))
        last = last if aligned == 1 else last + 3 & ~3
        if last > 0 and not view.holds(last - 1):
            last = max(*ends, first + record * (self.records or 0) if first is not None else 0)
        self.end = max(header, last)
        reader.check(self.end < SIZE_MOST, "a size")
        reader.check(first is None or first >= header, "variables behind the lists")

    def _list(self, tag: int) -> int:
        reader = self._reader
        found, count = reader.number(4), reader.number(self._wide)
        reader.check((found == tag and count <= ENTRIES_MOST) or (found == 0 and count == 0), f"a list of tag {tag}")
        return count

    def _name(self) -> str:
        reader = self._reader
        size = reader.number(self._wide)
        reader.check(0 < size <= NAME_MOST, "a name")
        raw = reader.take(size)
        reader.take(-size % 4)
        return printable(raw)

    def _attributes(self) -> int:
        reader = self._reader
        count = self._list(ATTRIBUTE)
        for _ in range(count):
            self._name()
            width = WIDTHS.get(reader.number(4), 0)
            reader.check(width > 0, "a type")
            size = width * reader.number(self._wide)
            reader.check(size < 1 << 31, "a size of an attribute")
            reader.skip(size + 3 & ~3)
        return count
