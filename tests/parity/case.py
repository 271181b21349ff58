"""What is compared: a file, all that Rorqual finds in it, and rows of (peer, field, ours, theirs)."""

import mmap
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import rorqual
from rorqual.analyzers.formats import elf, pe
from rorqual.sdk import Analyzer, Body, Finding, View

Peer = Any  # the peers' objects have no types
Reader = str | Callable[[Peer], object]
One = TypeVar("One", bound=Body)
WHOLE = 64 << 20  # bytes; of larger files the parts that a peer copies (sections, resources) are not compared


class Row(NamedTuple):
    """One comparison. Fields are named topic.field, with the row's key in brackets: "import[0x2000].hint"."""

    peer: str
    field: str
    ours: object
    theirs: object

    @property
    def topic(self) -> str:
        """What comes before the key and the field."""
        return re.split(r"[.\[]", self.field, maxsplit=1)[0]


class Case:
    """A file with its findings, those of executables inside it left out."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = path.stat().st_size
        with path.open("rb") as file:
            self.data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self.kind = kind_of(self.data)
        self.notes: dict[str, Any] = {}  # what a comparer remembers of a peer for the reasons
        self.skipped: Counter[str] = Counter()
        self._bodies: defaultdict[type[Body], list[Finding]] = defaultdict(list)
        with rorqual.scan(path, analyzers=_ANALYZERS[self.kind](), workers=1) as report:
            for finding in report.findings():
                if not finding.place:
                    self._bodies[type(finding.body)].append(finding)
            self.faults = [str(fault) for fault in report.faults if not fault.place]

    def close(self) -> None:
        """Gives the map back."""
        self.data.close()

    def found(self, body: type[Body]) -> list[Finding]:
        """Findings with such a body, by offset."""
        return self._bodies[body]

    def all(self, body: type[One]) -> list[One]:
        """The bodies alone."""
        return [finding.body for finding in self._bodies[body] if isinstance(finding.body, body)]

    def one(self, body: type[One]) -> One | None:
        """The first of them."""
        return next(iter(self.all(body)), None)

    def table(self, body: type[One]) -> list[Any]:
        """The rows of a table in their order, wherever its parts lie."""
        return [row for part in sorted(self.all(body), key=_first) for row in part.rows]  # type: ignore[attr-defined]  # a body with rows

    @cached_property
    def image(self) -> pe.PEImage:
        """The image's headers."""
        return self.all(pe.PEImage)[0]

    @cached_property
    def anomalies(self) -> set[str]:
        """The names of all that was found odd."""
        return {body.name for body in self.all(rorqual.sdk.Anomaly)}


def _first(part: Any) -> int:  # a body with rows
    return int(part.first)


class _OutermostPE(pe.PE):
    def score(self, view: View, /) -> int:
        return super().score(view) if view.offset == 0 and not view.place else 0


class _OutermostELF(elf.ELF):
    def score(self, view: View, /) -> int:
        return super().score(view) if view.offset == 0 and not view.place else 0


_ANALYZERS: dict[str, Callable[[], list[Analyzer]]] = {
    "pe": lambda: [_OutermostPE(), *pe.probes()[1:]],
    "elf": lambda: [_OutermostELF(), *elf.probes()[1:]],
}


def kind_of(data: mmap.mmap | bytes) -> str:
    """pe, elf, or nothing."""
    at = int.from_bytes(data[0x3C:0x40], "little")
    if data[:2] == b"MZ" and data[at : at + 4] == b"PE\0\0":
        return "pe"
    return "elf" if data[:4] == b"\x7fELF" else ""


def fields(peer: str, topic: str, ours: object, theirs: Peer, readers: Mapping[str, Reader]) -> Iterator[Row]:
    """A row for each of our fields: the peer's is an attribute of this name, or what the function makes of its object."""
    for name, reader in readers.items():
        other = getattr(theirs, reader) if isinstance(reader, str) else reader(theirs)
        yield Row(peer, f"{topic}.{name}", getattr(ours, name), other)


def keyed(
    peer: str,
    topic: str,
    ours: Iterable[tuple[Hashable, Mapping[str, object]]],
    theirs: Iterable[tuple[Hashable, Mapping[str, object]]],
) -> Iterator[Row]:
    """Rows of two tables by key, the n-th of a key with the n-th; None stands for all that one side lacks."""
    left, right = _numbered(ours), _numbered(theirs)
    yield Row(peer, f"{topic}.count", len(left), len(right))
    for key in left.keys() | right.keys() if left.keys() != right.keys() else left:
        mine, other = left.get(key), right.get(key)
        label = f"{topic}[{'/'.join(map(str, key[0])) if isinstance(key[0], tuple) else key[0]}]"
        if mine is None or other is None:
            yield Row(peer, f"{label}.there", mine, other)
        elif mine == other:
            yield from (Row(peer, topic, None, None) for _ in mine)
        else:
            yield from (Row(peer, f"{label}.{name}", mine[name], other[name]) for name in other)


def _numbered(rows: Iterable[tuple[Hashable, Mapping[str, object]]]) -> dict[tuple[Hashable, int], Mapping[str, object]]:
    times = Counter[Hashable]()
    numbered = {}
    for key, row in rows:
        numbered[key, times[key]] = row
        times[key] += 1
    return numbered


def loose(name: str) -> str:
    """A name without what spellings differ in."""
    return re.sub(r"[^A-Z0-9]", "", name.upper())
