"""Where in a PDF something may stand that no reader reads, and what its tables of offsets count from."""

from collections.abc import Iterator

from rorqual.analyzers.formats.documents.pdf_facts import Compressed, Facts
from rorqual.analyzers.formats.documents.pdf_objects import PDFObject, Walk
from rorqual.analyzers.formats.documents.pdf_syntax import SPACE, Ref
from rorqual.analyzers.formats.documents.scanner import Scanner, busy
from rorqual.sdk import Anomaly, Hit, Room, Said

LEAST = 8  # bytes
MOST_ROOMS = 256
NEAR = 64  # bytes: where readers still find what an offset leads to
_NOT_READ = frozenset(("XRef", "ObjStm"))  # streams that nothing refers to by number


def rooms(
    hit: Hit, made: Walk, facts: Facts, inside: Compressed, *, trailer: dict[str, object], end: int
) -> Iterator[Said]:
    """Comments, bytes between objects, objects that nothing leads to, streams that only unknown keys lead to."""
    said = 0
    for at, size, use in (*made.gaps, *_unused(made, facts, inside, trailer)):
        if size < LEAST or at >= end or said == MOST_ROOMS or not busy(hit.view, at, size):
            continue
        said += 1
        yield hit.finding(at, min(size, end - at), Room("pdf", use))


def _unused(made: Walk, facts: Facts, inside: Compressed, trailer: dict[str, object]) -> Iterator[tuple[int, int, str]]:
    whole = made.whole and inside.whole and "Root" in trailer and "Encrypt" not in trailer
    reached = _reached(made, inside) if whole else set()
    hints = facts.linearised
    for one in made.objects:
        if made.latest.get(one.number) is not one:
            if one.stream is None or one.stream.kind not in _NOT_READ:
                yield one.at, one.end - one.at, "unused"
            continue
        if whole and one.number not in reached and not (one.stream is not None and one.stream.kind in _NOT_READ):
            if hints:
                continue  # the linearisation dictionary and its hint streams are found by their place
            yield one.at, one.end - one.at, "unused"
        elif _private(one, facts):
            assert one.stream is not None
            yield one.stream.at, one.stream.size, "private"


def _private(one: PDFObject, facts: Facts) -> bool:
    """Whether it is a stream of no type that only keys lead to which readers do not know."""
    stream = one.stream
    if stream is None or stream.kind or stream.subtype:
        return False
    return one.number in facts.loose and one.number not in facts.firm


def _reached(made: Walk, inside: Compressed) -> set[int]:
    """Numbers of the objects that the trailers lead to."""
    left = [value.number for _, said in made.trailers for value in said.values() if isinstance(value, Ref)]
    reached = set(left)
    while left:
        number = left.pop()
        one = made.latest.get(number)
        targets = made.references.get(one.at) if one is not None else inside.references.get(number)
        new = set(targets or ()) - reached
        reached |= new
        left += new
    return reached


def xref_base(scan: Scanner, made: Walk) -> str:
    """What the offsets of `startxref` count from: "source", "header", "both" where they are one, or "neither"."""
    places = {*made.tables, *(one.at for one in made.objects if one.stream is not None and one.stream.kind == "XRef")}
    offset = scan.view.offset
    found = set()
    for _, value in made.starts:
        for base, place in (("source", value - offset), ("header", value)):
            if place in places or any(place < at <= place + NEAR and _blank(scan, place, at) for at in places):
                found.add(base)
    if found == {"source", "header"} and offset == 0:
        return "both"
    return min(found) if len(found) == 1 else "source" if found else "neither"


def _blank(scan: Scanner, start: int, end: int) -> bool:
    return start >= 0 and not scan.view.read(start, end - start).strip(SPACE)


def wrong_entries(hit: Hit, made: Walk) -> Iterator[Said]:
    """A table of offsets that leads elsewhere than to its objects, whatever they count from."""
    places = {(one.number, one.at) for one in made.objects}
    pairs = list(zip(made.entries[::2], made.entries[1::2], strict=True))
    if not pairs or not made.whole:
        return
    bases = {0, hit.offset}
    wrong = min(sum((number, at - base) not in places for number, at in pairs) for base in bases)
    if wrong:
        proof = f"{wrong} of {len(pairs)} entries lead to no object of their number"
        yield hit.finding(made.tables[0], 4, Anomaly("xref_wrong", proof))
