"""Anchors made ready to match: checked for fixed width, numbered, and what a span must warm up on computed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from re import _constants as sre  # type: ignore[attr-defined]  # the parse tree has no public name
from re import _parser as sre_parser  # type: ignore[attr-defined]  # nor has the parser

from rorqual.sdk import Anchor

NARROWEST, WIDEST = 2, 64


@dataclass(frozen=True, slots=True)
class Pattern:
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
            Pattern(number, probe, anchor, width_of(anchor.regex))
            for number, (probe, anchor) in enumerate(anchors)
        )
        self.warm = max((pattern.width for pattern in self._all), default=1) - 1

    def __len__(self) -> int:
        return len(self._all)

    def __getitem__(self, number):  # type: ignore[no-untyped-def]  # the overloads of Sequence, told by it
        return self._all[number]


def width_of(regex: bytes) -> int:
    """The width in bytes of a fixed-width expression without assertions."""
    try:
        tree = sre_parser.parse(regex, re.DOTALL)
    except re.error as error:
        raise ValueError(f"anchor {regex!r}: {error}") from error
    low, high = tree.getwidth()
    if low != high or not NARROWEST <= low <= WIDEST:
        raise ValueError(f"anchor {regex!r}: {low} to {high} bytes wide; fixed, {NARROWEST} to {WIDEST}, is wanted")
    if _asserts(tree):
        raise ValueError(f"anchor {regex!r}: asserts a position, which a span cannot know")
    return int(low)


def _asserts(tree: object) -> bool:
    if isinstance(tree, sre_parser.SubPattern):
        return any(_asserts(item) for item in tree)
    if isinstance(tree, tuple | list):
        if tree and any(tree[0] is code for code in (sre.AT, sre.ASSERT, sre.ASSERT_NOT, sre.GROUPREF)):
            return True
        return any(_asserts(item) for item in tree if isinstance(item, tuple | list | sre_parser.SubPattern))
    return False
