"""Runs the comparers over files and counts what they say."""

import gc
import re
import resource
import signal
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from types import FrameType

import lief
import pefile

from tests.parity import elf_lief, elf_readelf, macho_lief, pe_headers, pe_parts, pe_resources, pe_tables
from tests.parity.case import LIEF_TOO_MANY, TOO_MANY, Case, Row, kind_of
from tests.parity.reasons import reason_for

PEFILE_MOST = 30 << 20  # bytes of a file that pefile parses beyond its headers
LIEF_MOST = 300 << 20  # the same of LIEF, which takes twice as much memory
DIRECTORY_MOST = 64 << 10  # bytes; relocations and exceptions beyond are a Python object each in pefile
EXCEPTIONS_MOST = 1 << 20  # the same of LIEF's exceptions
PATIENCE = 90  # seconds for one peer's parse
SHOWN = 12  # unexplained differences of a file that are told; all are counted
ADDRESS_SPACE = 6 << 30  # bytes a worker may map

pefile.MAX_SYMBOL_EXPORT_COUNT = pefile.MAX_IMPORT_SYMBOLS = pefile.MAX_RESOURCE_ENTRIES = 1 << 20
lief.logging.disable()


@dataclass
class Outcome:
    """What came of a file, or of many."""

    files: Counter[str] = field(default_factory=Counter)  # by format
    compared: Counter[tuple[str, str, str]] = field(default_factory=Counter)  # by format, peer and topic
    explained: Counter[tuple[str, str]] = field(default_factory=Counter)  # by peer and reason
    skipped: Counter[str] = field(default_factory=Counter)
    unexplained: list[tuple[str, str, str, str, str]] = field(default_factory=list)  # path, peer, field, ours, theirs
    kinds: Counter[tuple[str, str]] = field(default_factory=Counter)  # of those, by peer and field
    failures: int = 0

    def add(self, other: "Outcome") -> None:
        """Takes another one in."""
        self.files += other.files
        self.compared += other.compared
        self.explained += other.explained
        self.skipped += other.skipped
        self.unexplained += other.unexplained
        self.kinds += other.kinds
        self.failures += other.failures


class _TooSlow(Exception):
    """A peer's time is up."""


@contextmanager
def _within(seconds: int) -> Iterator[None]:
    def ring(_: int, __: FrameType | None) -> None:
        raise _TooSlow

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def compare(path: Path) -> Outcome:
    """All comparisons of one file."""
    outcome = Outcome()
    case = Case(path)
    try:
        outcome.files[case.kind] += 1
        for fault in case.faults:
            _count(outcome, case, Row("rorqual", "fault.message", fault, None))
        for peer, rows in _PEERS[case.kind]:
            try:
                with _within(PATIENCE):
                    for row in rows(case):
                        _count(outcome, case, row)
            except _TooSlow:
                case.skipped[f"{peer}: more than {PATIENCE} s"] += 1
            except Exception:  # noqa: BLE001  # a peer that fails must not end the run: it is a difference like others
                _count(outcome, case, Row(peer, "file.compared", True, traceback.format_exc()[-380:]))
        outcome.skipped += case.skipped
    finally:
        case.close()
    return outcome


def _count(outcome: Outcome, case: Case, row: Row) -> None:
    outcome.compared[case.kind, row.peer, row.topic] += 1
    if row.ours == row.theirs:
        return
    reason = reason_for(case, row)
    if reason is not None:
        outcome.explained[row.peer, reason.text] += 1
        return
    outcome.failures += 1
    outcome.kinds[row.peer, re.sub(r"\[.*\]", "[]", row.field)] += 1
    if len(outcome.unexplained) < SHOWN:
        values = (_short(row.ours, row.theirs), _short(row.theirs, row.ours))
        outcome.unexplained.append((str(case.path), row.peer, row.field, *values))


def _short(value: object, other: object) -> str:
    """The value; of lists and sets what the other has not."""
    if isinstance(value, list | set) and isinstance(other, list | set) and value and other:
        value = (len(value), [one for one in value if one not in other][:6])
    text = repr(value)
    return text if len(text) < 400 else f"{text[:400]}… ({len(text)})"


def _pe_by_pefile(case: Case) -> Iterator[Row]:
    try:
        peer = pefile.PE(str(case.path), fast_load=True, max_symbol_exports=1 << 20, max_repeated_symbol=1 << 20)
    except pefile.PEFormatError as error:
        yield Row("pefile", "file.accepted", True, str(error))
        return
    try:
        yield from pe_headers.against_pefile(case, peer)
        if case.size > PEFILE_MOST:
            case.skipped["directories by pefile, file above 30 MiB"] += 1
            return
        names = ["IMPORT", "DELAY_IMPORT", "BOUND_IMPORT", "EXPORT", "RESOURCE", "TLS", "DEBUG", "LOAD_CONFIG"]
        directories = peer.OPTIONAL_HEADER.DATA_DIRECTORY
        for name, index in (("BASERELOC", 5), ("EXCEPTION", 3)):
            if len(directories) > index and directories[index].Size > DIRECTORY_MOST:
                case.skipped[TOO_MANY[name]] += 1
            else:
                names.append(name)
        wanted = [pefile.DIRECTORY_ENTRY[f"IMAGE_DIRECTORY_ENTRY_{name}"] for name in names]
        peer.parse_data_directories(directories=wanted)
        case.notes["pefile warnings"] = " ".join(peer.get_warnings())
        for comparer in (pe_tables, pe_parts, pe_resources):
            yield from comparer.against_pefile(case, peer)
    finally:
        peer.close()


def _pe_by_lief(case: Case) -> Iterator[Row]:
    config = lief.PE.ParserConfig()
    if case.size > LIEF_MOST:
        case.skipped["all but imports and exports by LIEF, file above 300 MiB"] += 1
        config.parse_rsrc = config.parse_reloc = config.parse_signature = False
    directories = {directory.name: directory.size for directory in case.image.directories}
    config.parse_exceptions = directories.get("EXCEPTION", 0) <= EXCEPTIONS_MOST and case.size <= LIEF_MOST
    if not config.parse_exceptions:
        case.skipped[LIEF_TOO_MANY] += 1
    peer = lief.PE.parse(str(case.path), config)
    if peer is None:
        yield Row("lief", "file.accepted", True, False)
        return
    if case.size > LIEF_MOST:
        yield from pe_tables.against_lief(case, peer)
        return
    for comparer in (pe_headers, pe_tables, pe_parts, pe_resources):
        yield from comparer.against_lief(case, peer)


_PEERS: dict[str, tuple[tuple[str, Callable[[Case], Iterable[Row]]], ...]] = {
    "pe": (("pefile", _pe_by_pefile), ("lief", _pe_by_lief)),
    "macho": (("lief", macho_lief.compare),),
    "elf": (("lief", elf_lief.compare), ("readelf", elf_readelf.compare)),
}


def chosen(folder: Path, kinds: Iterable[str]) -> list[Path]:
    """The folder's files of these formats, in an order that has nothing to do with where they come from."""
    wanted, found = set(kinds), []
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink() and path.stat().st_size > 64:
            with path.open("rb") as file:
                if kind_of(file.read(1 << 16)) in wanted:
                    found.append(path)
    return sorted(found, key=lambda path: (path.name, str(path)))


def compare_all(paths: list[Path], *, jobs: int) -> Iterator[Outcome]:
    """What came of each, as it is done; workers are replaced, since the peers' memory is not given back."""
    if jobs == 1 and len(paths) < 100:
        yield from map(compare, paths)
        return
    with get_context("spawn").Pool(jobs, _begin, maxtasksperchild=40) as pool:
        yield from pool.imap_unordered(compare, paths)


def _begin() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    gc.set_threshold(20_000)
