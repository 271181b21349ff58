"""Known differences on Mach-O files, each with the reason why we are right."""

from rorqual.analyzers.formats.macho.symbol_bodies import MachOSymbols
from tests.parity.case import Case, Row
from tests.parity.reason import Reason


def _indirect(case: Case, row: Row) -> bool:
    number = int(row.field[len("export[") : -len("].value")])
    parts = [case, *case.slices.values()]
    known = [one for part in parts for body in part.all(MachOSymbols) for one in body.rows if one.number == number]
    return row.ours == 0 and any(one.type == "INDR" and one.other_name for one in known)


REASONS: tuple[Reason, ...] = (
    Reason(
        "lief",
        r"export\[\d+\]\.value",
        _indirect,
        "the value of an indirect symbol is the place of another symbol's name among the strings; we tell that name",
    ),
)
