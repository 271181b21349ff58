"""What is compared: a file, all that Rorqual finds in it, and rows of (peer, field, ours, theirs)."""

import mmap
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import rorqual
from rorqual.analyzers.formats import elf, macho, pe
from rorqual.analyzers.formats.elf.probe import ELF
from rorqual.analyzers.formats.macho.probe import MachO
from rorqual.analyzers.formats.macho.universal import MachOUniversalProbe
from rorqual.analyzers.formats.pe.bodies import PEImage
from rorqual.analyzers.formats.pe.probe import PE
from rorqual.sdk import Analyzer, Body, Finding, View

Peer = Any  # the peers' objects have no types
Reader = str | Callable[[Peer], object]
One = TypeVar("One", bound=Body)
TOO_MANY = {
    "BASERELOC": "relocations by pefile, more than 64 KiB of them",
    "EXCEPTION": "exceptions by pefile, more than 64 KiB of them",
}
LIEF_TOO_MANY = "exceptions by LIEF, more than 1 MiB of them or a file above 300 MiB"
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


class Findings:
    """Findings by what kind of body they have."""

    def __init__(self) -> None:
        self._bodies: defaultdict[type[Body], list[Finding]] = defaultdict(list)

    def take(self, finding: Finding) -> None:
        """One more."""
        self._bodies[type(finding.body)].append(finding)

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


class Case(Findings):
    """A file with its findings, those of executables inside it left out."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self.size = path.stat().st_size
        with path.open("rb") as file:
            self.data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self.kind = kind_of(self.data)
        self.notes: dict[str, Any] = {}  # what a comparer remembers of a peer for the reasons
        self.skipped: Counter[str] = Counter()
        self.slices: defaultdict[int, Findings] = defaultdict(Findings)  # of a universal file, by offset
        with rorqual.scan(path, analyzers=_ANALYZERS[self.kind](), workers=1) as report:
            for finding in report.findings():
                if not finding.place:
                    self.take(finding)
                elif len(finding.place) == 1 and finding.place[0][1] == "slice":
                    self.slices[finding.place[0][0]].take(finding)
            self.faults = [str(fault) for fault in report.faults if not fault.place]

    def close(self) -> None:
        """Gives the map back."""
        self.data.close()

    @cached_property
    def image(self) -> PEImage:
        """The image's headers."""
        return self.all(PEImage)[0]

    @cached_property
    def anomalies(self) -> set[str]:
        """The names of all that was found odd."""
        return {body.name for body in self.all(rorqual.sdk.Anomaly)}


def _first(part: Any) -> int:  # a body with rows
    return int(part.first)


class _OutermostPE(PE):
    def score(self, view: View, /) -> int:
        return super().score(view) if view.offset == 0 and not view.place else 0


class _OutermostELF(ELF):
    def score(self, view: View, /) -> int:
        return super().score(view) if view.offset == 0 and not view.place else 0


class _OutermostMachO(MachO):
    def score(self, view: View, /) -> int:
        return super().score(view) if view.offset == 0 else 0  # slices are sources of their own


class _OutermostUniversal(MachOUniversalProbe):
    def score(self, view: View, /) -> int:
        return super().score(view) if view.offset == 0 and not view.place else 0


_ANALYZERS: dict[str, Callable[[], list[Analyzer]]] = {
    "pe": lambda: [_OutermostPE(), *(probe for probe in pe.probes() if probe.name != PE.name)],
    "elf": lambda: [_OutermostELF(), *(probe for probe in elf.probes() if probe.name != ELF.name)],
    "macho": lambda: [
        _OutermostMachO(),
        _OutermostUniversal(),
        *(probe for probe in macho.probes() if probe.name not in (MachO.name, MachOUniversalProbe.name)),
    ],
}


def kind_of(data: mmap.mmap | bytes) -> str:
    """pe, elf, macho, or nothing."""
    at = int.from_bytes(data[0x3C:0x40], "little")
    if data[:2] == b"MZ" and data[at : at + 4] == b"PE\0\0":
        return "pe"
    if data[:4] in macho.FAT_MAGICS:  # a Java class has its version there, 45 or more
        return "macho" if 0 < int.from_bytes(data[4:8], "big") < 20 else ""
    return "macho" if data[:4] in macho.MAGICS else "elf" if data[:4] == b"\x7fELF" else ""


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


def _numbered(
    rows: Iterable[tuple[Hashable, Mapping[str, object]]],
) -> dict[tuple[Hashable, int], Mapping[str, object]]:
    times = Counter[Hashable]()
    numbered = {}
    for key, row in rows:
        numbered[key, times[key]] = row
        times[key] += 1
    return numbered


def loose(name: str) -> str:
    """A name without what spellings differ in."""
    return re.sub(r"[^A-Z0-9]", "", name.upper())


def named(value: Peer) -> str:
    """The name of one of LIEF's numbers, hex where it has none."""
    return str(value.name) if hasattr(value, "name") else f"{int(value):#06x}"
