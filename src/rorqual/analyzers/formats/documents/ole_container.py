"""The sectors of a compound file: header, tables of chains, chains ([MS-CFB] 2.2 to 2.5)."""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from sys import byteorder

from rorqual.sdk import Malformed, View

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
HEADER = 512
FREE, END, FAT, DIFAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFC
LAST_REGULAR = 0xFFFFFFFA
IN_HEADER = 109  # FAT sectors that the header names
MOST_SECTORS = 4 << 20  # entries of the table kept: 2 GiB of small sectors, which is all that is allowed
PER_STEP = 8  # entries of a chain that cost as much as one turn of a loop
MINI = 64  # bytes
READ = 64 << 10

STRUCTURES = ("table", "mini table", "directory")

Runs = list[tuple[int, int]]  # place and size of what lies in a row


@dataclass
class Container:
    """The tables. Places count from the header."""

    view: View
    shift: int
    cutoff: int  # streams of fewer bytes lie in the mini stream
    directory: int  # first sectors
    mini_start: int
    fat: "array[int]" = field(default_factory=lambda: array("I"))
    minis: "array[int]" = field(default_factory=lambda: array("I"))
    mini_runs: Runs = field(default_factory=list)
    taken: bytearray = field(default_factory=bytearray)  # by sector: 1 where a chain has it
    needed: int = 0  # where the last byte ends that a structure or a stream needs
    troubles: dict[str, tuple[int, str]] = field(default_factory=dict)  # by name: place and proof, the first of each

    @property
    def sector(self) -> int:
        """Bytes."""
        return 1 << self.shift

    def place(self, sector: int) -> int:
        """Where a sector begins."""
        return (sector + 1) << self.shift

    def trouble(self, name: str, at: int, proof: str) -> None:
        """Notes what is wrong, once."""
        self.troubles.setdefault(name, (at, proof))

    def take(self, sector: int, what: str) -> None:
        """Marks a sector as part of a chain; two chains that share one are told of."""
        if what in STRUCTURES:
            self.needed = max(self.needed, self.place(sector) + self.sector)
        if sector < len(self.taken):
            if self.taken[sector]:
                self.trouble("sectors_shared", self.place(sector), f"sector {sector} of {what} has another use")
            self.taken[sector] = 1

    def chain(self, start: int, size: int | None, what: str) -> Iterator[int]:
        """The sectors from `start` on, as many as `size` bytes need (None: to the end of the chain)."""
        need = None if size is None else -(-size >> self.shift)
        sector, count = start, 0
        seen: set[int] = set()
        while sector < LAST_REGULAR and (need is None or count < need):
            if sector >= len(self.fat):
                self.trouble("chain_leads_outside", 0, f"{what}: sector {sector} of {len(self.fat)}")
                return
            if sector in seen:
                self.trouble("chain_loops", self.place(sector), f"{what}: sector {sector} comes again")
                return
            seen.add(sector)
            count += 1
            if count % PER_STEP == 0:
                self.view.step()
            self.take(sector, what)
            yield sector
            sector = self.fat[sector]
        if need is not None and count < need:
            self.trouble("chain_short", self.place(start) if start < len(self.fat) else 0, f"{what}: {count} of {need}")

    def runs(self, start: int, size: int, what: str) -> Runs:
        """Where a stream lies, in the order of its bytes."""
        if size < self.cutoff and self.mini_runs:
            return self._mini(start, size, what)
        return self.whole_runs(start, size, what)

    def whole_runs(self, start: int, size: int, what: str) -> Runs:
        """The same in sectors, whatever its size."""
        made: Runs = []
        left = size
        for sector in self.chain(start, size, what):
            _add(made, self.place(sector), min(left, self.sector))
            left -= self.sector
        self.needed = max([self.needed, *(at + length for at, length in made)])
        return made

    def _mini(self, start: int, size: int, what: str) -> Runs:
        made: Runs = []
        sector, left = start, size
        seen: set[int] = set()
        while left > 0 and sector < LAST_REGULAR:
            if sector in seen or sector >= len(self.minis):
                name = "chain_loops" if sector in seen else "chain_leads_outside"
                self.trouble(name, 0, f"{what}: mini sector {sector}")
                break
            seen.add(sector)
            self.view.step()
            place = located(self.mini_runs, sector * MINI)
            if place is None:
                break
            _add(made, place, min(left, MINI))
            left -= MINI
            sector = self.minis[sector]
        return made


def opened(view: View) -> Container:
    """Reads the header and the tables.

    Raises:
        Malformed: they are none of a compound file.
    """
    head = view.exact(0, HEADER)
    numbers = array("I", head)
    if byteorder == "big":
        numbers.byteswap()
    shift = int.from_bytes(head[30:32], "little")
    version = int.from_bytes(head[26:28], "little")
    if head[28:30] != b"\xfe\xff" or (shift, version) not in ((9, 3), (12, 4), (12, 3), (9, 4)):
        raise Malformed(view.offset + 26, "a version and its size of sectors")
    if int.from_bytes(head[32:34], "little") != 6:
        raise Malformed(view.offset + 32, "mini sectors of 64 bytes")
    made = Container(view, shift, numbers[14], numbers[12], numbers[15])
    tables = [one for one in numbers[19 : 19 + IN_HEADER] if one < LAST_REGULAR]
    difat = list(_difat(view, shift, numbers[17], tables))
    for one in tables:
        if len(made.fat) >= MOST_SECTORS:
            break
        made.fat.extend(_entries(view, (one + 1) << shift, made.sector))
    if not made.fat:
        raise Malformed(view.offset + 76, "a table of sectors")
    made.taken = bytearray(len(made.fat))
    for one in (*tables, *difat):
        made.take(one, "table")
    for sector in made.chain(made.mini_start, None, "mini table"):
        if len(made.minis) < MOST_SECTORS:
            made.minis.extend(_entries(view, made.place(sector), made.sector))
    return made


def _difat(view: View, shift: int, sector: int, tables: list[int]) -> Iterator[int]:
    """Adds the FAT sectors that further sectors name, and yields those."""
    seen: set[int] = set()
    while sector < LAST_REGULAR and sector not in seen and len(tables) << (shift - 2) < MOST_SECTORS:
        seen.add(sector)
        yield sector
        entries = _entries(view, (sector + 1) << shift, 1 << shift)
        if len(entries) < 1 << (shift - 2):
            return
        tables += [one for one in entries[:-1] if one < LAST_REGULAR]
        sector = entries[-1]


def _entries(view: View, at: int, size: int) -> "array[int]":
    data = view.read(at, size)
    entries = array("I", data[: len(data) & ~3])
    if byteorder == "big":
        entries.byteswap()
    return entries


def _add(runs: Runs, at: int, size: int) -> None:
    if runs and sum(runs[-1]) == at:
        runs[-1] = (runs[-1][0], runs[-1][1] + size)
    else:
        runs.append((at, size))


def located(runs: Runs, at: int) -> int | None:
    """Where the byte at `at` of a stream lies."""
    for start, size in runs:
        if at < size:
            return start + at
        at -= size
    return None


def sliced(runs: Runs, at: int, size: int) -> Runs:
    """Where `size` bytes at `at` of a stream lie."""
    made: Runs = []
    for start, length in runs:
        if size <= 0:
            break
        if at < length:
            part = min(length - at, size)
            _add(made, start + at, part)
            size -= part
        at = max(0, at - length)
    return made


def read(view: View, runs: Runs, most: int) -> bytes:
    """The first bytes of a stream."""
    out = b""
    for start, size in runs:
        if len(out) >= most:
            break
        out += view.read(start, min(size, most - len(out)))
    return out


def pieces(runs: Runs, base: int, view: View) -> Iterator[bytes]:
    """A decoder: the bytes of a stream whose runs count from `base` before the view's start.

    Raises:
        Malformed: a run is cut.
    """
    for start, size in runs:
        at = 0
        while at < size:
            data = view.read(start - base + at, min(READ, size - at))
            if not data:
                raise Malformed(view.offset + start - base + at, "a sector")
            at += len(data)
            yield data
