"""Anchors made ready to match: checked for fixed width, numbered, and what a span must warm up on computed."""

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from rorqual.sdk import Anchor

NARROWEST, WIDEST = 2, 64
# Escapes other than of a byte, a digit, a word or a sign; classes by name; groups with options.
STRANGE = re.compile(rb"\\(?!x[0-9a-fA-F]{2}|[nrtdDwWbB]|[^a-zA-Z0-9]|[1-9])|\[\[?:|\(\?(?![:=!]|<[=!])", re.DOTALL)
# One byte wide each: an escaped byte, a class, a dot, a literal.
BYTE = rb"\\x[0-9a-fA-F]{2}|\\[nrtdDwW]|\\[^a-zA-Z0-9]|\[\^?\]?(?:\\.|[^\]\\])*\]|(?<!\(\?)[^\\\[\](){}*+?|^$]"
ONE = re.compile(BYTE, re.DOTALL)
SOME = re.compile(rb"(?:" + BYTE + rb")(?:\{(\d{1,3})\})?", re.DOTALL)
GROUP = re.compile(rb"\(\?:(x+)(?:\|\1)*\)")  # of alternatives that are equally wide, each byte made an x


class Pattern(NamedTuple):
    """An anchor with its number in the database and the probe that it wakes."""

    number: int
    probe: int
    anchor: Anchor
    width: int  # bytes


class Patterns(Sequence[Pattern]):
    """All anchors of a plan, numbered.

    Raises:
        ValueError: an anchor is no regular expression, is not of fixed width 2 to 64, or asserts a position.
    """

    def __init__(self, anchors: Sequence[tuple[int, Anchor]]) -> None:
        self._all = tuple(
            Pattern(number, probe, anchor, width_of(anchor.regex)) for number, (probe, anchor) in enumerate(anchors)
        )
        self.warm = max((pattern.width for pattern in self._all), default=1) - 1

    def __len__(self) -> int:
        return len(self._all)

    def __getitem__(self, number):  # type: ignore[no-untyped-def]  # the overloads of Sequence, told by it
        return self._all[number]


@cache
def width_of(regex: bytes) -> int:
    """The width in bytes of a fixed-width expression without assertions."""
    if strange := STRANGE.search(regex):
        raise ValueError(f"anchor {regex!r}: {strange[0]!r} is not read the same way by every matcher")
    low, high = _plain_width(regex) or _parsed_width(regex)
    if low != high or not NARROWEST <= low <= WIDEST:
        raise ValueError(f"anchor {regex!r}: {low} to {high} bytes wide; fixed, {NARROWEST} to {WIDEST}, is wanted")
    return low


def _plain_width(regex: bytes) -> tuple[int, int] | None:
    """Of bytes and groups of equal width, as nearly all anchors are; parsing in full takes ten times as long."""
    flat, grouped = _flat(regex), 1
    while grouped:
        flat, grouped = GROUP.subn(rb"\1", flat)
    return (len(flat), len(flat)) if flat.strip(b"x") == b"" else None


def _flat(regex: bytes) -> bytes:
    """With an x for each byte."""
    if b"{" not in regex:
        return ONE.sub(b"x", regex)
    return SOME.sub(lambda some: b"x" * int(some[1] or 1), regex)


def _parsed_width(regex: bytes) -> tuple[int, int]:
    from re import _constants as sre  # type: ignore[attr-defined]  # noqa: PLC0415 - no public name; seldom needed
    from re import _parser as sre_parser  # type: ignore[attr-defined]  # noqa: PLC0415 - the same

    try:
        tree = sre_parser.parse(regex, re.DOTALL)
    except re.error as error:
        raise ValueError(f"anchor {regex!r}: {error}") from error
    positions = (sre.AT, sre.ASSERT, sre.ASSERT_NOT, sre.GROUPREF)

    def asserts(item: object) -> bool:
        if isinstance(item, tuple | list) and item and any(item[0] is position for position in positions):
            return True
        return isinstance(item, tuple | list | sre_parser.SubPattern) and any(asserts(part) for part in item)

    if asserts(tree):
        raise ValueError(f"anchor {regex!r}: asserts a position, which a span cannot know")
    low, high = tree.getwidth()
    return int(low), int(high)
