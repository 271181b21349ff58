"""What `--extract` takes out of a scan: each child as it is swept, cores at the end, and a manifest of all.

The manifest, `<SHA-256 of the source>.manifest.json`, says of each child where it was, what its container calls it,
what it is, and in which file its bytes are: equal ones stand once.
"""

import contextlib
import json
import logging
import os
import stat
from collections.abc import Iterable

from rorqual.findings.bodies import Digest
from rorqual.findings.journal import Journal
from rorqual.findings.ledger import Fault, Ledger, Reason
from rorqual.findings.record import Finding, Json, Place
from rorqual.findings.report import Child, SourceInfo
from rorqual.run.extract import BESIDE, NO_FOLLOW, Failed, Piece, Written, extract, take
from rorqual.run.neuter import Neuter
from rorqual.sources.view import Source

EXTRACT = "extract"  # who speaks in a fault
log = logging.getLogger("rorqual")


class Taking:
    """The folder and what went there.

    Raises:
        OSError: the folder cannot be made.
        ValueError, ImportError: no such way of neutering, or its library is missing.
    """

    def __init__(self, folder: str | os.PathLike[str], ledger: Ledger, neuter: str | None = None) -> None:
        os.makedirs(folder, exist_ok=True)
        self._folder = folder
        self._ledger = ledger
        self._neuter = None if neuter is None else Neuter(neuter)
        self._files: dict[Place, str] = {}
        self._others: list[str] = []

    def child(self, child: Child, source: Source) -> None:
        """Writes a child while its bytes are at hand."""
        if child.size:
            piece = Piece("", ((0, child.size),), (), _sha256(child))
            made = take(source, piece, self._folder, self._neuter)
            if isinstance(made, Failed):
                self._failed(child.place, made)
            else:
                self._files[child.place] = made.name

    def cores(self, source: Source, findings: Iterable[Finding], children: Iterable[Child]) -> None:
        """Writes the executables without their filler, and what lies beside them."""
        known = {
            (child.place[0][0], child.size): sha256
            for child in children
            if len(child.place) == 1 and child.place[0][1] == BESIDE and (sha256 := _sha256(child))
        }
        for made in extract(source, findings, self._folder, known, self._neuter):
            if isinstance(made, Failed):
                self._failed((), made)
            else:
                self._told(made)

    def manifest(self, source: SourceInfo, journal: Journal, children: Iterable[Child]) -> None:
        """Writes what is where; one of the same source is replaced."""
        digests = (record.body for record in journal.at((), Digest))
        sha256 = next((one.value for one in digests if isinstance(one, Digest) and one.algorithm == "sha256"), None)
        rows: list[Json] = [{**child.to_dict(), "file": self._file(child)} for child in children]
        about: dict[str, Json] = {"name": source.name, "size": source.size, "sha256": sha256}
        whole: dict[str, Json] = {"source": about, "children": rows, "others": [*self._others]}
        path = os.path.join(self._folder, f"{sha256 or 'source'}.manifest.json")
        aside = f"{path}.{os.getpid()}"
        try:
            if os.path.lexists(path) and not stat.S_ISREG(os.lstat(path).st_mode):
                raise OSError("something else has that name")
            file = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | NO_FOLLOW, 0o600)
            try:
                with open(file, "w") as out:
                    json.dump(whole, out, indent=1)
                os.replace(aside, path)
            except OSError:
                with contextlib.suppress(OSError):
                    os.unlink(aside)  # ours: what was there before under that name is not
                raise
        except OSError as error:
            self._fault((), f"manifest: {error.strerror or error}")

    def _file(self, child: Child) -> str | None:
        return self._files.get(child.same_as if child.same_as is not None else child.place)

    def _told(self, made: Written) -> None:
        self._others.append(made.name)
        log.info("extracted %s%s", made.name, "" if made.verified else ", of which the report has no digest")

    def _failed(self, place: Place, made: Failed) -> None:
        fault = Fault(place, made.start, EXTRACT, made.reason, made.message)
        self._ledger.fault(fault, start=made.start, end=made.end)

    def _fault(self, place: Place, message: str) -> None:
        self._ledger.fault(Fault(place, 0, EXTRACT, Reason.MACHINE, f"not extracted: {message}"), start=0, end=1)


def _sha256(child: Child) -> str | None:
    return next((digest.value for digest in child.digests if digest.algorithm == "sha256"), None)
