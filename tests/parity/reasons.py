"""Differences that are known, each with the reason why we are right."""

import re
from collections.abc import Callable
from typing import NamedTuple

from tests.parity.case import Case, Row


class Reason(NamedTuple):
    """Explains a difference of these fields with this peer where the condition holds."""

    peer: str  # pefile, lief, or either with |
    field: str  # a regular expression for the whole of it
    holds: Callable[[Case, Row], bool]
    text: str


def reason_for(case: Case, row: Row) -> Reason | None:
    """The first that explains the difference."""
    for reason in REASONS:
        if row.peer in reason.peer and re.fullmatch(reason.field, row.field) and reason.holds(case, row):
            return reason
    return None


REASONS: tuple[Reason, ...] = ()
