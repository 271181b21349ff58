"""The probe for filler: what the fold `filler` spotted, to the byte, by what it is and where it lies.

Runs and repeated blocks are facts about bytes; of blocks whose copies differ in places, the period is one. Drawn bytes
are filler only where nothing explains them as a payload: no format whose fields hold at the start of what they lie in
or near them, no size of theirs written down at an end of it, no code. What packs and encrypts well looks the same, so
that stays a likelihood.

Images other than PE have their filler told, without a place; their core is the part before filler that goes on to the
end. Drawn bytes are not looked at there. Filler inside the headers stays in the core. Random bytes behind a packed
payload in one overlay are taken for more of that payload.
"""

import hashlib
from collections.abc import Iterator
from typing import NamedTuple

from rorqual.analyzers.bloat import borders, core
from rorqual.analyzers.bloat.bodies import (
    BLOCK,
    CONSTANT,
    LEAST,
    LOW_ENTROPY,
    OVERLAY,
    PERIOD,
    RANDOM,
    SHARE,
    VARIED,
    ZERO,
    Core,
    Filler,
    FillerLimits,
    Kept,
    Patch,
)
from rorqual.analyzers.bloat.places import Part, Places, foreign, format_at
from rorqual.analyzers.folds.filler import KIND, Filling, Stretch
from rorqual.analyzers.folds.stationary import Stationary
from rorqual.analyzers.formats.pe.headers import likelihood, read_headers
from rorqual.analyzers.formats.pe.layout import Layout
from rorqual.sdk import Codec, Finding, Hit, Kind, Malformed, RangeDigest, Region, Said, View

SHORT = 64  # bytes of a period that is no block
LEAST_PART = 1 << 16  # bytes of filler in one part of an image that are told
UNIT = 16  # bytes of a period that are told
REFINING = 5 * borders.MOST  # fuel for two borders: with less a repeated block is told as far as it is proven
DRAWN_MOST = 16  # stretches of drawn bytes whose borders are sought
DRAWN_LEAST = 1 << 20
BESIDE_MAX = 64  # pieces that are told, and become children
CHILD_LEAST = 32
REREAD = 64 << 20  # bytes of a core with patches that are read again for its digests
EXECUTABLE = (b"MZ", b"\x7fELF", b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe")
_DIGESTS = ("md5", "sha1", "sha256")
_BESIDE = Codec("beside", None)


class Found(NamedTuple):
    """Filler in one part."""

    start: int
    end: int
    filler: str
    period: int | None
    part: Part | None
    exact: bool


class Bloat:
    """Filler, and the core without it."""

    name = "bloat"
    version = 1
    wakes_on = (Kind(KIND),)

    def score(self, view: View, /) -> int:
        """Unused: no anchor wakes it."""
        return 1

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        """Filler of executables, repeated blocks of anything; then the core, if filler is most of the file."""
        spotted, size = hit.context, hit.size
        if not isinstance(spotted, Filling) or size is None:
            raise Malformed(hit.offset, "stretches that a fold has spotted")
        view = hit.view
        executable = view.read(0, 4).startswith(EXECUTABLE)
        layout = _layout(view)
        places = Places(hit, layout, size) if layout is not None else None
        stretches, unrefined = _refined(view, spotted)
        found: list[Found] = []
        for one in _found(hit, stretches, spotted.drawn, places, size):
            if executable or one.filler == BLOCK:
                found.append(one)
                yield _finding(hit, one)
        drawn = max(0, len(spotted.drawn) - DRAWN_MOST) if places is not None else 0
        if spotted.dropped or drawn or unrefined:
            yield hit.finding(0, size, FillerLimits(spotted.dropped, drawn, unrefined))
        total = sum(one.end - one.start for one in found)
        if executable and total >= LEAST and total >= SHARE * size:
            yield from _core(hit, layout, found, size)


def _layout(view: View) -> Layout | None:
    if not likelihood(view):
        return None
    try:
        headers = read_headers(view)
    except Malformed:
        return None
    return Layout(view, headers)


def _refined(view: View, spotted: Filling) -> tuple[list[Stretch], int]:
    """The runs and blocks with their borders, and how many are without."""
    stretches: list[Stretch] = []
    unrefined = 0
    for one in spotted.stretches:
        start, end, exact = one.start, one.end, one.exact
        if not exact and view.fuel.left > REFINING:
            start, end, exact = borders.repeated(view, start, end, one.period)
        elif not exact:
            unrefined += 1
        if end - start >= 3 * one.period:
            stretches.append(Stretch(start, end, one.period, exact and not one.varied, one.varied))
    return stretches, unrefined


def _found(
    hit: Hit, stretches: list[Stretch], spotted: tuple[Stationary, ...], places: Places | None, size: int
) -> Iterator[Found]:
    """By offset, none over another."""
    view = hit.view
    if places is not None:
        for drawn in spotted[:DRAWN_MOST]:
            start, end = borders.drawn(view, drawn, size)
            end = foreign(view, start, end, size=size, claims=hit.claims)
            start, end = places.snapped(start), places.snapped(end)
            stretches.append(Stretch(start, end, 0 if drawn.uniform else -1, exact=False))
    reached = 0
    for begins, end, period, exact, varied in sorted(stretches):
        view.step()
        start, reached = max(begins, reached), max(end, reached)
        if end - start < LEAST_PART:
            continue
        for part in places.parts(start, end) if places is not None else (None,):
            first, last = (start, end) if part is None else (part.start, part.end)
            drawn_here = period <= 0
            if last - first < (DRAWN_LEAST if drawn_here else LEAST_PART):
                continue
            if drawn_here and places is not None and part is not None and places.explained(part):
                continue
            kind = VARIED if varied else _kind(view, first, period)
            yield Found(first, last, kind, period if period > 0 else None, part, exact)


def _kind(view: View, at: int, period: int) -> str:
    if period <= 0:
        return RANDOM if period == 0 else LOW_ENTROPY
    if period == 1:
        return CONSTANT if any(view.read(at, 1)) else ZERO
    return PERIOD if period <= SHORT else BLOCK


def _finding(hit: Hit, one: Found) -> Finding:
    unit = hit.view.read(one.start, min(one.period, UNIT)).hex() if one.period else None
    section = one.part.section.number if one.part and one.part.section else None
    body = Filler(one.filler, one.part.where if one.part else None, section, one.period, unit, one.exact)
    return hit.finding(one.start, one.end - one.start, body)


def _core(hit: Hit, layout: Layout | None, found: list[Found], size: int) -> Iterator[Said]:
    view = hit.view
    behind = [one for one in found if one.part is None or one.part.where == OVERLAY]
    if layout is None and (not behind or behind[-1].end < size):
        return  # what is cut out of an unknown image is no image
    end = behind[0].start if layout is not None and behind else behind[-1].start if behind else size
    fillers = [(one.start, one.end) for one in found if one.part is not None and one.part.where != OVERLAY]
    made = core.Plan((), (), None, 0) if layout is None else core.plan(view, layout, fillers)
    pieces = tuple(_beside(view, [(one.start, one.end) for one in behind if one.start >= end], size))
    ranges = tuple(Kept(a, b - a) for a, b in core.kept(end, made.cuts))
    patches = tuple(Patch(at, data) for at, data in core.patches(made))
    kept = sum(one.size for one in ranges)
    filler = sum(one.end - one.start for one in behind if one.start >= end) + end - kept
    body = Core(kept, filler, ranges, patches, pieces, made.left)
    finding = Finding(view.place, hit.offset, size, hit.analyzer, body)
    if not patches:
        yield RangeDigest(finding, tuple((one.offset, one.size) for one in ranges), _DIGESTS)
    else:
        yield hit.finding(0, size, _digested(view, body) if kept <= min(REREAD, view.fuel.left // 2) else body)
    for piece in pieces:
        if piece.size >= CHILD_LEAST:
            yield Region(piece.offset - hit.offset, piece.size, "beside", _BESIDE)


def _beside(view: View, fillers: list[tuple[int, int]], size: int) -> Iterator[Kept]:
    """What lies between and behind the fillers."""
    starts = [*(start for start, _ in fillers[1:]), size]
    gaps = [(end, start) for (_, end), start in zip(fillers, starts, strict=False) if end < start]
    if len(gaps) > BESIDE_MAX:  # nothing is dropped: the last of the pieces has all that follows
        gaps = [*gaps[: BESIDE_MAX - 1], (gaps[BESIDE_MAX - 1][0], size)]
    for start, end in gaps:
        yield Kept(start, end - start, format_at(view, start))


def _digested(view: View, body: Core) -> Core:
    digests = [hashlib.new(name, usedforsecurity=False) for name in _DIGESTS]
    at = 0
    for one in body.ranges:
        for offset in range(one.offset, one.offset + one.size, 1 << 20):
            data = bytearray(view.read(offset, min(1 << 20, one.offset + one.size - offset)))
            for patch in body.patches:
                first, last = max(patch.at, at), min(patch.at + len(patch.data), at + len(data))
                if first < last:
                    data[first - at : last - at] = patch.data[first - patch.at : last - patch.at]
            for digest in digests:
                digest.update(data)
            at += len(data)
    md5, sha1, sha256 = (digest.hexdigest() for digest in digests)
    return Core(body.size, body.filler, body.ranges, body.patches, body.beside, body.left, md5, sha1, sha256)
