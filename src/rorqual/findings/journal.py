"""The journal: every finding of a scan in one order, in bounded memory.

Findings are sorted in memory up to a lease; a full load goes to disk as a sorted run, and reading merges the runs.
The order is (place, offset, size, analyzer, body); a finding said twice stands once.
"""

import heapq
import pickle
import threading
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from typing import BinaryIO, NamedTuple

from rorqual.findings.record import Body, Finding, Json, Place, canonical, field_names, finding_id, place_text, row_type

BLOCK = 32  # records read at once from each run while merging
BLOCK_SIZE = 1 << 16  # or as many as have so many bytes of canonical text: a table has tens of kilobytes in one
FAN_IN = 24  # runs merged at once: what bounds the memory of reading
OVERHEAD = 700  # bytes a record costs whatever its size, measured with tracemalloc
SPREAD = 4  # bytes for each byte of its canonical text: that text, and the rows of a table as objects


class Record(NamedTuple):
    """A finding with its canonical body, which orders and identifies it."""

    place: Place
    offset: int
    size: int
    analyzer: str
    canonical: str
    kind: type[Body]
    held: Body | bytes  # as bytes where it was spilled: most readers do without it

    @property
    def body(self) -> Body:
        return _unpacked(self.held) if isinstance(self.held, bytes) else self.held

    @property
    def id(self) -> str:
        return finding_id(self.place, self.offset, self.size, self.analyzer, self.canonical)

    def finding(self) -> Finding:
        return Finding(self.place, self.offset, self.size, self.analyzer, self.body)

    def head(self) -> dict[str, Json]:
        """All fields of the JSON form but the body."""
        return {
            "id": self.id,
            "analyzer": self.analyzer,
            "kind": self.kind.tag,
            "place": place_text(self.place),
            "offset": self.offset,
            "size": self.size,
        }


def _blocks(records: Iterator[Record]) -> Iterator[list[Record]]:
    block: list[Record] = []
    size = 0
    for record in records:
        block.append(record)
        size += len(record.canonical)
        if len(block) == BLOCK or size >= BLOCK_SIZE:
            yield block
            block, size = [], 0
    if block:
        yield block


def _order(record: Record) -> tuple[Place, int, int, str, str]:
    return record[:5]


def _packed(record: Record) -> tuple[object, ...]:
    """As it is spilled: its body pickled, the rows of tables as plain tuples, which takes a fifth of the time."""
    body = record.held
    if isinstance(body, bytes):
        return tuple(record)
    values = [getattr(body, name) for name in field_names(record.kind)]
    tables = {place: row for place, value in enumerate(values) if (row := row_type(value)) is not None}
    for place in tables:
        values[place] = tuple(map(tuple, values[place]))
    held = pickle.dumps((record.kind, values, tables), protocol=pickle.HIGHEST_PROTOCOL)
    return (*record[:-1], held)


def _unpacked(held: bytes) -> Body:
    kind, values, tables = pickle.loads(held)
    for place, row in tables.items():
        values[place] = tuple(map(row._make, values[place]))
    body: Body = kind(*values)
    return body


class Block(NamedTuple):
    """Pickled records in the spill, the place of the first, and what bodies they have."""

    first: Place
    offset: int
    size: int
    kinds: frozenset[type[Body]]


Run = list[Block]


class Journal:
    """Takes findings in any order and gives them back sorted, as often as asked.

    `lease` is what it may hold in memory, in bytes; `spill` opens the unlinked file that takes the rest. The file is
    written and read by this process alone, through a descriptor that nobody else holds: that is why pickling is safe.
    """

    def __init__(self, lease: int, spill: Callable[[], BinaryIO]) -> None:
        self._lease = lease
        self._open = spill
        self._file: BinaryIO | None = None
        self._end = 0
        self._runs: list[Run] = []
        self._load: list[Record] = []
        self._held = 0
        self._unsorted = False
        self._lock = threading.Lock()

    def append(self, finding: Finding) -> None:
        """Takes a finding; safe from any thread.

        Raises:
            TypeError, ValueError: the body has no JSON form.
        """
        body = finding.body
        record = Record(
            finding.place, finding.offset, finding.size, finding.analyzer, canonical(body), type(body), body
        )
        with self._lock:
            self._take(record)

    def absorb(self, other: "Journal") -> None:
        """Takes all that the other holds."""
        with self._lock:
            for record in other:
                self._take(record)

    def __iter__(self) -> Iterator[Record]:
        """The records in order, each once."""
        return self._merge(self._runs, self._sorted())

    def of(self, *kinds: type[Body]) -> Iterator[Record]:
        """The records with such bodies, in order; blocks of others are not read."""
        runs = [[block for block in run if not block.kinds.isdisjoint(kinds)] for run in self._runs]
        return (record for record in self._merge(runs, self._sorted()) if issubclass(record.kind, kinds))

    def at(self, place: Place, *kinds: type[Body]) -> Iterator[Record]:
        """The records of one source with such bodies (none: any), in order, without reading blocks of others."""
        runs = []
        for run in self._runs:
            first = bisect_left(run, place, key=lambda block: block.first)
            last = bisect_right(run, place, key=lambda block: block.first)
            near = run[max(0, first - 1) : last]
            runs.append([block for block in near if not kinds or not block.kinds.isdisjoint(kinds)])
        load = self._sorted()
        first = bisect_left(load, place, key=lambda record: record.place)
        last = bisect_right(load, place, key=lambda record: record.place)
        records = (record for record in self._merge(runs, load[first:last]) if record.place == place)
        return (record for record in records if issubclass(record.kind, kinds)) if kinds else records

    def close(self) -> None:
        """Gives back memory and disk."""
        self._load, self._runs, self._held = [], [], 0
        if self._file is not None:
            self._file.close()
            self._file = None

    def _sorted(self) -> list[Record]:
        if self._unsorted:
            self._load.sort(key=_order)
            self._unsorted = False
        return self._load

    def _merge(self, runs: list[Run], load: list[Record]) -> Iterator[Record]:
        last = None
        spilled = [self._read(run) for run in runs if run]
        for record in heapq.merge(*spilled, load, key=_order) if spilled else load:
            order = _order(record)
            if order != last:
                yield record
            last = order

    def _take(self, record: Record) -> None:
        self._load.append(record)
        self._unsorted = True
        self._held += SPREAD * len(record.canonical) + OVERHEAD
        if self._held > self._lease:
            self._runs.append(self._write(iter(self._sorted())))
            self._load, self._held = [], 0
            if len(self._runs) >= FAN_IN:
                self._runs = [self._write(heapq.merge(*(self._read(run) for run in self._runs), key=_order))]

    def _write(self, records: Iterator[Record]) -> Run:
        if self._file is None:
            self._file = self._open()
        run: Run = []
        for block in _blocks(records):
            data = pickle.dumps([_packed(record) for record in block], protocol=pickle.HIGHEST_PROTOCOL)
            self._file.seek(self._end)
            left = memoryview(data)
            while left:
                left = left[self._file.write(left) :]
            kinds = frozenset(record.kind for record in block)
            run.append(Block(block[0].place, self._end, len(data), kinds))
            self._end += len(data)
        return run

    def _read(self, run: Run) -> Iterator[Record]:
        assert self._file is not None
        for _, offset, size, _ in run:
            data = b""
            while len(data) < size:
                self._file.seek(offset + len(data))
                part = self._file.read(size - len(data))
                if not part:
                    raise OSError(f"journal: {size} bytes at {offset:#x} of the spill are gone")
                data += part
            yield from map(Record._make, pickle.loads(data))
