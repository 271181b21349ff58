"""A known difference: which comparisons it is about, when it holds, and why we are right."""

from collections.abc import Callable
from typing import NamedTuple

from tests.parity.case import Case, Row


class Reason(NamedTuple):
    """Explains a difference of these fields with these peers where the condition holds."""

    peers: str  # their names, parted by blanks
    field: str  # a regular expression for the whole of it
    holds: Callable[[Case, Row], bool]
    text: str
