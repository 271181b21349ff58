"""Known differences on ELF files, each with the reason why we are right."""

from rorqual.analyzers.formats.elf.bodies import ELFSection
from tests.parity.case import Case, Row
from tests.parity.reason import Reason


def _section_symbol(case: Case, row: Row) -> bool:
    return row.ours == "" and any(section.name == row.theirs for section in case.all(ELFSection))


def _own_version(case: Case, row: Row) -> bool:
    return row.ours == f"{row.theirs}@@{row.theirs}"


def _whole_other(case: Case, row: Row) -> bool:
    visibility = ("DEFAULT", "INTERNAL", "HIDDEN", "PROTECTED")
    return str(row.theirs).startswith("0x") and visibility[int(str(row.theirs), 16) & 3] == row.ours


def _swapped_words(case: Case, row: Row) -> bool:
    raw = bytes.fromhex(str(row.ours or ""))
    swapped = b"".join(raw[at : at + 4][::-1] for at in range(0, len(raw), 4))
    return bool(raw) and swapped.hex() == row.theirs


def _no_name_there(case: Case, row: Row) -> bool:
    if row.theirs == "NULL":  # which LIEF makes of section types that it does not know
        return row.peer == "lief" and row.ours != "NULL"
    return str(row.theirs).startswith(("LOOS+", "LOPROC+", "0X", "UNKNOWN"))


def _plain(name: str) -> str:
    # Those of annobin go on behind their NUL with bytes that are no text.
    return "?" if "\\x" in name or name.startswith("GA") else name


def _padded_note(case: Case, row: Row) -> bool:
    ours, theirs = row.ours, row.theirs
    if not isinstance(ours, list) or not isinstance(theirs, list) or len(ours) < len(theirs):
        return False
    mine = [(_plain(name), -(-size // 4) * 4) for name, size in ours]
    told = [(_plain(name), -(-size // 4) * 4) for name, size in theirs]
    return set(mine) == set(told)


REASONS: tuple[Reason, ...] = (
    Reason(
        "readelf",
        r"symbol\[\d+\]\.name",
        _section_symbol,
        "readelf shows the section's name for a symbol that has none itself",
    ),
    Reason(
        "readelf",
        r"symbol\[\d+\]\.name",
        _own_version,
        "readelf leaves the version out of the symbol that stands for the version itself; DT_VERSYM has it",
    ),
    Reason(
        "lief",
        r"symbol\[\d+\]\.visibility",
        _whole_other,
        "LIEF takes the whole of st_other, whose upper bits are the processor's; the visibility is its lowest two",
    ),
    Reason(
        "lief",
        r"note\.build_id",
        _swapped_words,
        "LIEF swaps the bytes of a note's descriptor as if it were words in files of the other byte order; "
        "a build id is bytes, and readelf has ours",
    ),
    Reason(
        "lief readelf",
        r"(segment|section|dynamic)\[\d+\]\.(type|tag)",
        _no_name_there,
        "the peer has no name for the number",
    ),
    Reason(
        "lief",
        r"note\.rows",
        _padded_note,
        "LIEF counts a descriptor's padding as part of it, and leaves out notes that repeat and names that are no UTF-8; "
        "readelf has the sizes and the number that we have",
    ),
)
