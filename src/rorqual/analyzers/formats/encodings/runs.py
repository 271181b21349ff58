"""Runs of base64 digits: where one begins and ends, over line breaks, in bytes or in UTF-16.

Lines belong together where they are equally long, but for the last. Line breaks may be written as escapes ("\\n"), and
a slash behind a backslash, as texts inside of JSON have them.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rorqual.sdk import View

FIRST, BLOCK = 1 << 10, 64 << 10
SHORTEST_LINE = 32  # digits of a line that another may follow
LONGEST_LINE = 1 << 10  # digits of a line that is compared with others
LONGEST_BREAK = 40  # bytes between two lines
BACKS = (2 << 10, 8 << 10, 32 << 10)  # characters before an anchor in which a run must begin, tried in turn
_LINE = re.compile(rb"(?:[A-Za-z0-9+_-]|\\?/)+")
_BREAK = re.compile(rb"(?:\r?\n|(?:\\r)?\\n)[ \t]*(?=[A-Za-z0-9+/_-])")
_OF_RUNS = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_\\\r\n\t ")
_OUTSIDE = bytes(byte not in _OF_RUNS for byte in range(256))
_TO_STANDARD = bytes.maketrans(b"-_", b"+/")


@dataclass(slots=True)
class Run:
    """Tells, once its pieces are drawn, how long it is in the source."""

    size: int = 0  # bytes, with line breaks and padding
    digits: int = 0
    lines: int = 1
    padded: bool = False
    url: bool = False  # with the digits of the alphabet for URLs
    cut: bool = False  # it goes on behind what was drawn


def digits(view: View, run: Run, *, wide: bool, most: int | None = None) -> Iterator[bytes]:
    """The digits from the view's start on, of the standard alphabet, without what parts them."""
    at, held, width, line = 0, b"", 0, 0
    size, ended = FIRST, False
    step = 2 if wide else 1
    while most is None or run.digits < most:
        raw = b"" if ended else view.read(step * at, step * size)
        ended = len(raw) < step * size
        more = narrow(raw) if wide else raw
        ended = ended or len(more) * step < len(raw)
        at += len(more)
        size = min(BLOCK, 4 * size)
        data = held + more
        place = 0
        while True:
            found = _LINE.match(data, place)
            if found:
                part = found[0]
                if found.end() == len(data) and not ended:
                    if part.endswith(b"\\"):
                        part = part[:-1]
                    yield _clean(run, part)
                    line += len(part)
                    place += len(part)
                    break
                yield _clean(run, part)
                line += len(part)
                place = found.end()
            if len(data) - place < LONGEST_BREAK + LONGEST_LINE and not ended:
                break
            following = _BREAK.match(data, place)
            other = following is None or line < SHORTEST_LINE or (width and line != width)
            if other or _longer(data, following, line):
                padding = re.match(rb"={0,2}", data[place : place + 2])
                assert padding is not None
                run.padded = bool(padding[0])
                run.size = step * (at - len(data) + place + len(padding[0]))
                return
            assert following is not None
            width, line = line, 0
            run.lines += 1
            place = following.end()
        held = data[place:]
        run.size = step * (at - len(held))
        if ended and not held:
            return
    run.cut = True


def _longer(data: bytes, following: re.Match[bytes] | None, line: int) -> bool:
    """Whether the line behind the break is longer than the one before: then it is none of the same run."""
    after = _LINE.match(data, following.end()) if following else None
    return after is not None and line < len(after[0]) and line < LONGEST_LINE


def _clean(run: Run, part: bytes) -> bytes:
    if b"\\" in part:
        part = part.replace(b"\\", b"")
    run.digits += len(part)
    if b"-" in part or b"_" in part:
        run.url = True
        part = part.translate(_TO_STANDARD)
    return part


def narrow(raw: bytes) -> bytes:
    """The low bytes of UTF-16, up to the first character that is not one of ASCII."""
    high = raw[1::2]
    stop = next((at for at, byte in enumerate(high) if byte), len(high)) if high.strip(b"\0") else len(high)
    return raw[0 : 2 * stop : 2]


def beginning(view: View, *, wide: bool, told: Callable[[bytes, int], int | None]) -> int | None:
    """How many bytes before the view's start the run begins; None where that is too far, or where something before
    tells of it: `told` finds the first from a place on."""
    step = 2 if wide else 1
    line = _LINE.match(_text(view, LONGEST_LINE, wide=wide))
    ahead = len(line[0]) if line else 0
    for size in BACKS:
        there = min(size * step, view.offset // step * step)
        raw = view.sub(-there).read(0, there)
        data = _narrow_back(raw) if wide else raw
        start = back_start(data, whole=len(data) < size, ahead=ahead)
        found = told(data + view.read(0, 64 * step)[::step], start or 0)
        if found is not None and found < len(data):
            return None
        if start is not None:
            return step * (len(data) - start)
    return None


def back_start(data: bytes, *, whole: bool, ahead: int = 0) -> int | None:
    """Where the run that ends with `data` begins in it; None where it may begin before, unless that is the `whole`.
    The last line goes on for `ahead` digits; one that is not as long as those before is the last of them, or the first
    of others where it begins just here."""
    clean = data.translate(_OUTSIDE).rfind(b"\1") + 1
    broken = data.find(b"\n", clean) >= 0 or data.find(b"\\n", clean) >= 0
    breaks = list(_BREAK.finditer(data + b"A", clean)) if broken else []
    start = breaks[-1].end() if breaks else clean
    blank = _last_blank(data, start)
    if blank >= 0:
        return blank + 1
    width = 0
    for number in range(len(breaks) - 1, -1, -1):
        first = breaks[number - 1].end() if number else clean
        end = breaks[number].start()
        if _last_blank(data, first, end) >= 0:
            return start
        if first == 0 and not whole:
            return None
        last = len(data) - start + ahead
        other = width != end - first if width else last > end - first or (last != end - first and start == len(data))
        if end - first < SHORTEST_LINE or other:
            return start
        width, start = end - first, first
    return start if start or whole else None


def _last_blank(data: bytes, start: int, end: int | None = None) -> int:
    return max(data.rfind(one, start, end) for one in (b" ", b"\t", b"\r", b"\n"))


def _text(view: View, size: int, *, wide: bool) -> bytes:
    return narrow(view.read(0, 2 * size)) if wide else view.read(0, size)


def _narrow_back(raw: bytes) -> bytes:
    high = raw[1::2]
    start = max((at for at, byte in enumerate(high) if byte), default=-1) + 1
    return raw[2 * start :: 2]
