"""All known differences by format."""

import re

from tests.parity import elf_reasons, macho_reasons, pe_reasons
from tests.parity.case import Case, Row
from tests.parity.reason import Reason

REASONS = {"pe": pe_reasons.REASONS, "elf": elf_reasons.REASONS, "macho": macho_reasons.REASONS}


def reason_for(case: Case, row: Row) -> Reason | None:
    """The first that explains the difference."""
    for reason in REASONS[case.kind]:
        if row.peer in reason.peers.split() and re.fullmatch(reason.field, row.field) and reason.holds(case, row):
            return reason
    return None
