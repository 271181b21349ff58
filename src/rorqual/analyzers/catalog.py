"""The analyzers of this package. The engine finds this module by name; adding an analyzer is adding a line."""

from rorqual.analyzers.folds.digests import ALWAYS, digest
from rorqual.analyzers.folds.entropy import Entropy
from rorqual.analyzers.folds.filler import KIND as FILLER
from rorqual.analyzers.folds.filler import FillerFold
from rorqual.analyzers.folds.text import TextFold
from rorqual.analyzers.formats import (
    archives,
    audiovisual,
    bytecode,
    disks,
    documents,
    elf,
    encodings,
    fonts,
    images,
    keys,
    macho,
    pe,
    solid,
    stores,
    streams,
)
from rorqual.analyzers.formats.gzip import Gzip
from rorqual.analyzers.formats.type import FileTypeProbe
from rorqual.analyzers.judges.padded import PaddedJudge
from rorqual.analyzers.judges.polyglot import PolyglotJudge
from rorqual.analyzers.judges.type import TypeJudge
from rorqual.analyzers.later import Later
from rorqual.analyzers.probes.between import Between
from rorqual.sdk import Analyzer, Kind

ROOMS = (
    archives,
    audiovisual,
    bytecode,
    disks,
    documents,
    elf,
    encodings,
    fonts,
    images,
    keys,
    macho,
    pe,
    solid,
    stores,
    streams,
)


def analyzers(digests: tuple[str, ...] = ()) -> tuple[Analyzer, ...]:
    """All of them, with the digests named beside those that are always made.

    Raises:
        ValueError: an unknown digest.
        ImportError: a digest's library is not installed.
    """
    names = (*ALWAYS, *sorted(set(digests) - set(ALWAYS)))
    folds: tuple[Analyzer, ...] = (*(digest(name) for name in names), Entropy(), FillerFold(), TextFold())
    probes: tuple[Analyzer, ...] = (
        Later("bloat", "bloat.probe:Bloat", Kind(FILLER)),
        Between(),
        FileTypeProbe(),
        Gzip(),
        *(probe for room in ROOMS for probe in room.probes()),
    )
    judges: tuple[Analyzer, ...] = (PaddedJudge(), PolyglotJudge(), TypeJudge())
    return folds + probes + judges
