"""The report: an immutable, lazy view over the journal and the ledger."""

import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import field
from typing import Self, TextIO

from rorqual.findings import document
from rorqual.findings.bodies import Digest, FileType, Verdict
from rorqual.findings.journal import Journal, Record
from rorqual.findings.ledger import Coverage, Fault
from rorqual.findings.record import Finding, Json, Place, encode, place_text
from rorqual.frozen import frozen


@frozen
class SourceInfo:
    """What was scanned: its name as given ("-" for standard input) and its size in bytes."""

    name: str
    size: int


@frozen
class PlanInfo:
    """What was asked: two reports that may differ never carry the same fingerprint."""

    fingerprint: str
    version: str
    analyzers: tuple[str, ...]  # name/version
    limits: tuple[tuple[str, int], ...]

    def to_dict(self) -> dict[str, Json]:
        return {
            "fingerprint": self.fingerprint,
            "version": self.version,
            "analyzers": list(self.analyzers),
            "limits": dict(self.limits),
        }


@frozen
class Child:
    """A source found inside another: decoded, or carved as it stands."""

    place: Place
    size: int
    type: FileType | None
    digests: tuple[Digest, ...]
    same_as: Place | None = None  # where the same content was analysed
    name: str | None = None  # what its container calls it: data, never a path

    def to_dict(self) -> dict[str, Json]:
        return {
            "place": place_text(self.place),
            "name": self.name,
            "size": self.size,
            "type": encode(self.type),
            "digests": {digest.algorithm: digest.value for digest in self.digests},
            "same_as": None if self.same_as is None else place_text(self.same_as),
        }


@frozen
class RunInfo:
    """All that may differ between two runs over the same bytes with the same plan."""

    seconds: float
    bytes_per_second: float
    peak_memory: int | None  # bytes, of this process; None where the system does not tell
    workers: int
    chunk_size: int  # bytes
    memory: int  # the budget, in bytes
    matcher: str  # "hyperscan" or "reference"
    kernels: str  # "native" or "python"
    host: str
    python: str
    started: str  # UTC, ISO 8601
    missing: tuple[str, ...] = ()  # what this platform or installation lacks


@frozen
class Report:
    """What a scan found. Iterating gives the findings in their order; nothing is held that the journal can give."""

    source: SourceInfo
    plan: PlanInfo
    type: FileType | None
    digests: tuple[Digest, ...]
    verdicts: tuple[Finding, ...]
    coverage: Iterable[Coverage]  # made anew at each iteration: there may be many lines
    complete: bool
    faults: tuple[Fault, ...]
    children: tuple[Child, ...]
    run: RunInfo
    journal: Journal = field(repr=False, compare=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Gives back the disk that the findings take; there are none afterwards."""
        self.journal.close()

    def __iter__(self) -> Iterator[Finding]:
        return self.findings()

    def records(self) -> Iterator[Record]:
        """The findings in order with their canonical form; verdicts stand apart."""
        return (record for record in self.journal if record.kind is not Verdict)

    def findings(self, kind: str | None = None) -> Iterator[Finding]:
        """The findings in order; of one kind (the body's tag), or all."""
        return (record.finding() for record in self.records() if kind is None or record.kind.tag == kind)

    def write_json(self, out: TextIO) -> None:
        """Writes the report as JSON, finding by finding."""
        document.write(self, out)

    def to_json(self) -> str:
        """The report as JSON text; a large one is better written as a stream with `write_json`."""
        out = io.StringIO()
        document.write(self, out)
        return out.getvalue()

    def to_dict(self) -> dict[str, Json]:
        """The report as the dict that its JSON form holds."""
        whole: dict[str, Json] = json.loads(self.to_json())
        return whole
