"""Universal files: Mach-O files for several processors in one, each a child of its own.

fat.py has the structure. A slice that overlaps another is looked at all the same: a loader takes the one for its
processor and asks for no more. What lies between slices is padding for alignment; only how much there is, is told.
"""

from collections import Counter
from collections.abc import Iterator
from typing import ClassVar, NamedTuple

from rorqual.analyzers.formats.macho import cpus
from rorqual.analyzers.formats.macho.bodies import MachOOverlay
from rorqual.analyzers.formats.macho.fat import ALIGN_MOST, HEADER_SIZE, Fat, Slice, content_of, read_fat
from rorqual.analyzers.formats.macho.form import HEADER_SIZES, read_header
from rorqual.analyzers.formats.macho.sections import overlaps
from rorqual.sdk import (
    Anchor,
    Anomaly,
    Codec,
    Extent,
    Finding,
    Hit,
    Kind,
    Malformed,
    RangeDigest,
    Region,
    Said,
    TailDigest,
    View,
    frozen,
)

_END = Kind("end")
_MEASURES = ("entropy", "sha256")


class MachOSlice(NamedTuple):
    """A slice."""

    cpu: str
    cpu_subtype: str
    cpu_capabilities: tuple[str, ...]
    offset: int
    size: int  # as declared
    present: int  # bytes of it that are there
    alignment: int  # bytes
    content: str | None  # Mach-O, archive (a static library) or bitcode


@frozen
class MachOUniversal:
    """A universal file; the finding spans it up to the end of the last slice."""

    tag: ClassVar[str] = "macho_universal"
    format: str  # "fat" or "fat64"
    number_of_slices: int  # as stored
    slices: tuple[MachOSlice, ...]
    between: int  # bytes between header and slices


class MachOUniversalProbe:
    """Finds universal files and hands their slices on."""

    name = "macho-universal"
    version = 1
    wakes_on: tuple[Anchor | Kind, ...] = (Anchor(rb"\xca\xfe\xba[\xbe\xbf]\x00\x00\x00[\x01-\x20]"), _END)

    def score(self, view: View, /) -> int:
        """Whether one of the slices starts as a slice does."""
        return int(read_fat(view) is not None)

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        """Header, anomalies and slices at the magic; the overlay at the end."""
        if hit.trigger == _END:
            yield from _overlay(hit)
            return
        fat = read_fat(hit.view)
        if fat is None:
            raise Malformed(hit.offset, "a universal file's header with a slice behind it")
        present = {one.number: hit.view.within(one.at, one.size) for one in fat.slices}
        end = _end(fat, present)
        rows = tuple(_row(hit, one, present[one.number]) for one in fat.slices)
        body = MachOUniversal("fat64" if fat.wide else "fat", fat.declared, rows, _between(fat, present, end))
        yield hit.finding(0, end, body)
        for one, anomaly in _anomalies(hit.view, fat, present):
            at, size = (4, 4) if one is None else (one.row_at, one.row_size)
            yield hit.finding(at, size, anomaly)
        yield Extent(0, end, "macho", f"{len(fat.slices)} slices, the last of them ends at {end:#x}")
        for one in fat.slices:
            if fat.holds(one) and present[one.number]:
                yield Region(one.at, present[one.number], "macho-slice", through=Codec("slice", None))
        if hit.offset == 0:
            yield TailDigest(end, _MEASURES)  # the overlay, if there is one


def _end(fat: Fat, present: dict[int, int]) -> int:
    rows_end = HEADER_SIZE + sum(one.row_size for one in fat.slices)
    return max(rows_end, *(one.at + present[one.number] for one in fat.slices if present[one.number]))


def _between(fat: Fat, present: dict[int, int], end: int) -> int:
    """Bytes up to the end that belong neither to the header nor to a slice."""
    reached, between = min(fat.end, end), 0
    for one in sorted(fat.slices, key=lambda one: one.at):
        if present[one.number]:
            between += max(0, one.at - reached)
            reached = max(reached, one.at + present[one.number])
    return between


def _row(hit: Hit, one: Slice, present: int) -> MachOSlice:
    return MachOSlice(
        cpu=cpus.cpu_name(one.cpu),
        cpu_subtype=cpus.subtype_name(one.cpu, one.subtype),
        cpu_capabilities=cpus.capabilities(one.cpu, one.subtype),
        offset=hit.offset + one.at,
        size=one.size,
        present=present,
        alignment=1 << min(one.align, 63),
        content=content_of(hit.view, one.at),
    )


def _anomalies(view: View, fat: Fat, present: dict[int, int]) -> Iterator[tuple[Slice | None, Anomaly]]:
    if len(fat.slices) < fat.declared:
        yield None, Anomaly("slices_cut", f"{len(fat.slices)} of {fat.declared} rows are there")
    processors = Counter((one.cpu, one.subtype & ~cpus.CAPABILITIES) for one in fat.slices)
    shared = overlaps([(one.at, one.at + one.size, one.number) for one in fat.slices])
    for one in fat.slices:
        label = f"slice {one.number} ({cpus.cpu_name(one.cpu)}): {one.size:#x} bytes at {one.at:#x}"
        if present[one.number] < one.size:
            yield one, Anomaly("slice_cut", f"{label}, of which {present[one.number]:#x} are there")
        if not one.size:
            yield one, Anomaly("slice_empty", label)
        elif one.at < fat.end:
            yield one, Anomaly("slice_over_header", f"{label}, the header ends at {fat.end:#x}")
        if one.number in shared:
            yield one, Anomaly("slices_overlap", f"{label} shares bytes with another")
        if one.align > ALIGN_MOST or one.at % (1 << one.align):
            yield one, Anomaly("slice_alignment_wrong", f"{label}, alignment 2^{one.align}")
        if not cpus.is_cpu(one.cpu):
            yield one, Anomaly("slice_cpu_unknown", label)
        if processors[one.cpu, one.subtype & ~cpus.CAPABILITIES] > 1:
            yield one, Anomaly("slice_cpu_repeated", f"{label}: another slice is for the same")
        if present[one.number]:
            yield from _content(view, one, label)


def _content(view: View, one: Slice, label: str) -> Iterator[tuple[Slice, Anomaly]]:
    """What the slice's own beginning says against its row."""
    if content_of(view, one.at) is None:
        yield one, Anomaly("slice_content_unknown", f"{label} is neither Mach-O nor archive nor bitcode")
        return
    head = read_header(view.read(one.at, HEADER_SIZES[True] + 8))
    if head is not None and (head[1].cpu, head[1].subtype) != (one.cpu, one.subtype):
        ours, theirs = f"{one.cpu:#x} {one.subtype:#x}", f"{head[1].cpu:#x} {head[1].subtype:#x}"
        if head[1].cpu != one.cpu or (head[1].subtype ^ one.subtype) & ~cpus.CAPABILITIES:
            yield one, Anomaly("slice_cpu_differs", f"{label} is for {ours}, its Mach-O header says {theirs}")


def _overlay(hit: Hit) -> Iterator[Said]:
    view = hit.view.sub(-hit.offset)
    fat = read_fat(view)
    if fat is None:
        return
    end = _end(fat, {one.number: view.within(one.at, one.size) for one in fat.slices})
    if end < hit.offset:
        yield _measured(hit.finding(end - hit.offset, hit.offset - end, MachOOverlay()))


def _measured(finding: Finding) -> RangeDigest:
    return RangeDigest(finding, ((finding.offset, finding.size),), _MEASURES)
