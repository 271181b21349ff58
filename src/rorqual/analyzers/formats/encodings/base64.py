"""Base64 in any source: told by what magic numbers look like in it, or by what stands before (RFC 4648, 4 and 5).

Both alphabets, with and without line breaks, also in UTF-16. Not found are runs of fewer than 64 digits, those that
begin more than 32 KiB before anything that tells, and those that neither a magic number nor their surroundings tell of.
"""

import binascii
import re
from collections.abc import Iterator
from functools import cache, partial
from typing import ClassVar, NamedTuple

from rorqual.analyzers.formats.encoded_magic import (
    BINARY,
    CONTEXTS,
    FIRST,
    PHASES,
    WIDE_TEXT,
    base64_digits,
    digits_anywhere,
    earliest,
    of_base64,
)
from rorqual.analyzers.formats.encodings.proof import EncodedRun, kind_of, plausible
from rorqual.analyzers.formats.encodings.runs import Run, back_start, beginning, digits, narrow
from rorqual.sdk import Anchor, Codec, Hit, Malformed, Region, Said, View

LEAST = 64  # digits
LEAST_IN_CONTEXT = 32
MOST_MEASURED = 32 << 20  # digits that are counted
LOOKED = 4096  # digits that are decoded as proof
LONGEST_CONTEXT = 32  # bytes
NEAR = 512  # bytes before a hit in which another that tells of the same run is looked for
PREFIX = 4  # digits
_LONG = re.compile(rb"(?:[A-Za-z0-9+/_-]|\\[/nr]|[\r\n \t]){48}")
_DIGIT = re.compile(rb"[A-Za-z0-9+/_-]")
_CONTEXT = re.compile(rb"|".join(rb"(?:%s)" % one for one in CONTEXTS))
_BLANK = re.compile(rb"[ \t]*")


class Told(NamedTuple):
    """What gives a run away."""

    digits: bytes
    label: str
    phase: int  # digits of its group of four that stand before it
    first: bool  # counts at the beginning of a run only


class Tells(NamedTuple):
    """What stands where a hit is."""

    label: str
    phase: int | None  # None: the run begins behind, at `start`
    start: int
    first: bool
    wide: bool


@cache
def _table() -> dict[bytes, tuple[Told, ...]]:
    """What gives a run away, by its first digits."""
    made: dict[bytes, tuple[Told, ...]] = {}
    told = [Told(base64_digits(magic, 0), label, 0, first=True) for label, magic in FIRST]
    told += [
        Told(base64_digits(magic, alignment), label, phase, first=False)
        for label, magic in BINARY
        for alignment, phase in PHASES.items()
    ]
    for one in told:
        made[one.digits[:PREFIX]] = (*made.get(one.digits[:PREFIX], ()), one)
    return made


WIDE = tuple(re.compile(regex) for regex in WIDE_TEXT)


class Base64:
    """Finds what is written in base64."""

    name = "base64"
    version = 1
    wakes_on: ClassVar[tuple[Anchor, ...]] = of_base64()

    def score(self, view: View, /) -> int:
        """Digits follow, none stand before what only counts at a beginning, and no other hit tells of the same run."""
        head = view.read(0, 128)
        told = _told(head)
        if told is None:
            return 0
        if told.phase is None:
            return 3
        text = narrow(head) if told.wide else head
        if not _LONG.match(text):
            return 0
        step = 2 if told.wide else 1
        if told.first:
            before = view.sub(-step).read(0, 1) if view.offset >= step else b""
            return 0 if before and _DIGIT.match(before) else 2
        size = min(NEAR, view.offset)
        near = view.sub(-size).read(0, size)
        if told.wide:
            return 1
        other = _earliest(near, back_start(near, whole=True) or 0)
        return 1 if other is None else 0

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        head = hit.view.exact(0, 8) + hit.view.read(8, 120)
        told = _told(head)
        if told is None:
            raise Malformed(hit.offset, "digits that tell")
        if told.phase is None:
            start, skip = told.start, 0
        elif told.first:
            start, skip = 0, 0
        else:
            if not _plausible(hit.view, told):
                raise Malformed(hit.offset, f"what follows the magic number of {told.label}")
            back = beginning(hit.view, wide=told.wide, told=_earliest)
            if back is None:
                raise Malformed(hit.offset, "the first that tells of a run")
            run = Run()
            before = sum(map(len, digits(hit.view.sub(-back, back), run, wide=told.wide)))
            start, skip = -back, (before - told.phase) % 4
            start += skip * (2 if told.wide else 1)
        if told.phase is not None and _told_before(hit.view, start, told):
            raise Malformed(hit.offset, "the first that tells of a run")
        yield from _run(hit, start, told)


def _plausible(view: View, told: Tells) -> bool:
    """Whether the magic number is followed by what it should be."""
    text = b"".join(digits(view, Run(), wide=told.wide, most=64))[:64]
    phase = told.phase or 0
    data = binascii.a2b_base64((b"A" * phase + text)[: (phase + len(text)) & ~3])
    return plausible(told.label, data[next(at for at, one in PHASES.items() if one == phase) :])


def _told_before(view: View, start: int, told: Tells) -> bool:
    """Whether another hit tells of the run: what stands before it, or its first digits."""
    near = min(LONGEST_CONTEXT, view.offset + start)
    before = view.sub(start - near).read(0, near + PREFIX)
    if any(found.end() in (near, near + PREFIX) for found in _CONTEXT.finditer(before.rstrip(b" "))):
        return not told.wide
    if start == 0:
        return False
    first = _told(view.sub(start).read(0, 128))
    return first is not None and first.phase == 0 and first.first


def _run(hit: Hit, start: int, told: Tells) -> Iterator[Said]:
    view = hit.view.sub(start)
    run = Run()
    head, count = b"", 0
    for part in digits(view, run, wide=told.wide, most=MOST_MEASURED):
        view.step(1 + len(part) // 4096)
        if len(head) < LOOKED:
            head += part
        count += len(part)
    if count < (LEAST if told.phase is not None else LEAST_IN_CONTEXT):
        raise Malformed(view.offset, f"{LEAST} digits")
    holds = kind_of(binascii.a2b_base64(head[: min(len(head), LOOKED) & ~3]))
    encoding = ("base64url" if run.url else "base64") + (" in UTF-16" if told.wide else "")
    if told.phase is None and holds == "data" and count % 4 == 1:
        raise Malformed(view.offset, "whole groups")
    yield hit.finding(start, run.size, EncodedRun(encoding, holds, count * 3 // 4, run.lines, told.label))
    yield Region(start, None, "encoded", Codec("base64", partial(decode, told.wide)))


def decode(wide: bool, view: View) -> Iterator[bytes]:
    """The bytes that the run at the view's start writes."""
    held = b""
    for part in digits(view, Run(), wide=wide):
        held += part
        whole = len(held) & ~3
        if whole:
            yield binascii.a2b_base64(held[:whole])
        held = held[whole:]
    if len(held) > 1:
        yield binascii.a2b_base64(held + b"=" * (4 - len(held)))


def _told(head: bytes) -> Tells | None:
    found = _CONTEXT.match(head)
    if found:
        label = found[0].decode("latin-1").strip("\"'`( ;,")
        start = found.end()
        if found[0][-5:-4] == b" ":  # the first digits are part of what wakes
            start, label = start - 4, label[:-5].strip()
        start += len(_BLANK.match(head, start)[0])  # type: ignore[index]  # it always matches
        return Tells(label, None, start, first=False, wide=False)
    wide = head[1:2] == b"\0"
    text = (narrow(head) if wide else head).replace(b"-", b"+").replace(b"_", b"/")
    for one in _table().get(text[:PREFIX], ()):
        if text.startswith(one.digits):
            return Tells(one.label, one.phase, 0, first=one.first or wide, wide=wide)
    for regex in WIDE:
        if not wide and regex.match(text):
            return Tells("UTF-16 text", 0, 0, first=False, wide=False)
    return None


def _earliest(data: bytes, start: int) -> int | None:
    """Where the first is that tells of a run wherever it stands in it."""
    found = [earliest(data.replace(b"-", b"+").replace(b"_", b"/"), start, digits_anywhere())]
    found += [one.start() if (one := regex.search(data, start)) else None for regex in WIDE]
    return min((at for at in found if at is not None), default=None)
