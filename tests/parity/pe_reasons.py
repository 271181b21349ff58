"""Known differences on PE images, each with the reason why we are right."""

from rorqual.analyzers.formats.pe.bodies import PESection
from rorqual.analyzers.formats.pe.linking.exports import PEExportTable
from rorqual.analyzers.formats.pe.running.debug import PEDebug
from rorqual.analyzers.formats.pe.running.exceptions import PEExceptions
from rorqual.analyzers.formats.pe.running.relocations import PERelocations
from rorqual.analyzers.formats.pe.signing.signature_bodies import PEAuthenticode
from tests.parity.case import Case, Row
from tests.parity.reason import Reason

PEFILE_NAME = 512  # bytes
SECTOR = 0x200
DEBUG = 6  # number of the directory; pefile asks for it before the others


def _rich_with_end(case: Case, row: Row) -> bool:
    return bool(row.ours == case.notes.get("rich"))


def _long_name(case: Case, row: Row) -> bool:
    return isinstance(row.theirs, str) and row.theirs[:1] == "/" and row.theirs[1:].isdigit()


def _foreign_machine(case: Case, row: Row) -> bool:
    return "/" in str(row.ours) and str(row.theirs).startswith("0x")


def _unnamed_bits(case: Case, row: Row) -> bool:
    if not isinstance(row.ours, set) or not isinstance(row.theirs, set):
        return False
    return not row.theirs - row.ours and all(str(name).upper().startswith("0X") for name in row.ours - row.theirs)


def _resource_that_pefile_has(case: Case, row: Row) -> bool:
    known = case.notes.get("pefile resources", set())
    if row.field.endswith("count"):
        return row.ours == len(known)
    key = row.field[len("resource[") : -len("].there")]
    return row.theirs is None and any("/".join(map(str, one)) == key for one in known)


def _overlapping(case: Case, row: Row) -> bool:
    return "Overlapping offsets in relocation" in case.notes.get("pefile warnings", "") and row.ours > row.theirs  # type: ignore[operator]  # counts


def _rows_not_there(case: Case, row: Row) -> bool:
    body = case.one(PEExceptions)
    return body is not None and body.checked < body.functions and row.theirs == body.checked


def _nothing_there(case: Case, row: Row) -> bool:
    return row.ours is None


def _other_pogo(case: Case, row: Row) -> bool:
    return row.theirs == [] and any(body.pogo and body.pogo.signature != "LTCG" for body in case.all(PEDebug))


def _longer_than_pefile(case: Case, row: Row) -> bool:
    if row.field.startswith("import["):
        return isinstance(row.ours, str) and row.ours[:PEFILE_NAME] == row.theirs
    _, _, name = row.field[len("export[") : -len("].there")].partition("/")
    return len(name) > PEFILE_NAME if row.theirs is None else len(name) == PEFILE_NAME


def _nameless_forwarder(case: Case, row: Row) -> bool:
    ordinal, _, name = row.field[len("export[") : -len("].there")].partition("/")
    known = {one.ordinal: one.forwarder for one in case.table(PEExportTable) if not one.name and one.forwarder}
    return known.get(int(ordinal)) == name if row.ours is None else name == "" and int(ordinal) in known


def _efi_to_the_byte(case: Case, row: Row) -> bool:
    pointers = [section.raw_pointer for section in case.all(PESection) if section.raw_size]
    return case.image.subsystem.startswith("EFI") and any(pointer % SECTOR for pointer in pointers)


def _directory_nowhere(case: Case, row: Row) -> bool:
    return any(one.offset is None and one.size and one.name != "SECURITY" for one in case.image.directories)


def _page_zero(case: Case, row: Row) -> bool:
    body = case.one(PERelocations)
    return body is not None and body.first_page == 0 and row.theirs == 0


def _few_directories(case: Case, row: Row) -> bool:
    return case.image.number_of_directories <= DEBUG and not row.theirs


def _newer_flags(case: Case, row: Row) -> bool:
    if not isinstance(row.ours, set) or not isinstance(row.theirs, set):
        return False
    return row.theirs < row.ours and row.ours - row.theirs <= {"XFG_ENABLED", "CASTGUARD_PRESENT", "MEMCPY_PRESENT"}


def _packed_descriptor(case: Case, row: Row) -> bool:
    ours, theirs = row.ours, row.theirs
    return isinstance(ours, list) and isinstance(theirs, list) and not any(ours) and not any(theirs)


def _digest_holds(case: Case, row: Row) -> bool:
    found = case.all(PEAuthenticode)
    return row.theirs == 0 and bool(found) and all(body.digest_matches for body in found)


def _given_up(case: Case, row: Row) -> bool:
    failed = 'Failed to process directory "IMAGE_DIRECTORY_ENTRY_EXCEPTION"'
    return row.theirs == 0 and failed in case.notes.get("pefile warnings", "")


def _more_than_fit(case: Case, row: Row) -> bool:
    body = case.one(PEExceptions)
    place = next((one for one in case.image.directories if one.name == "EXCEPTION"), None)
    return body is not None and place is not None and int(str(row.theirs)) > place.size // body.row_size


def _arm(case: Case, row: Row) -> bool:
    return case.image.machine == "ARMNT" and row.theirs == 0


def _escaped_hash(case: Case, row: Row) -> bool:
    return row.ours == str(row.theirs).replace("\\#", "#")


def _no_section(case: Case, row: Row) -> bool:
    return case.image.number_of_sections == 0


REASONS: tuple[Reason, ...] = (
    Reason(
        "lief",
        r"rich\.hash",
        _rich_with_end,
        "LIEF hashes the closing mark and its key too; the hash that is exchanged ends before them",
    ),
    Reason(
        "pefile",
        r"section\[\d+\]\.name",
        _long_name,
        "pefile does not look long names up in the COFF string table",
    ),
    Reason(
        "pefile lief",
        r"header\.machine",
        _foreign_machine,
        "ready-to-run images of .NET for other systems have the system's number XORed into the machine; "
        "the peers give the number alone",
    ),
    Reason(
        "pefile lief",
        r"(header|section\[\d+\])\.(dll_)?characteristics",
        _unnamed_bits,
        "bits that have no name are told as numbers; the peers leave them out",
    ),
    Reason(
        "lief",
        r"resource(\[.*\]\.there|\.count)",
        _resource_that_pefile_has,
        "LIEF loses leaves of large trees; they are in the file, and pefile has each of them",
    ),
    Reason(
        "pefile",
        r"relocations\.entries",
        _overlapping,
        "pefile gives a block up, with a warning, at two entries for the same place; Windows applies both",
    ),
    Reason(
        "pefile lief",
        r"exceptions\.functions",
        _rows_not_there,
        "we tell how many rows are declared; the peers those that are in the file, which a packer has emptied",
    ),
    Reason(
        "pefile",
        r"directory\[\d+\]\.offset",
        _nothing_there,
        "the file has no byte for the address; pefile gives a place all the same",
    ),
    Reason(
        "lief",
        r"debug\[\d+\]\.pogo",
        _other_pogo,
        "LIEF reads POGO contributions under the signature LTCG alone, and says that others are not implemented",
    ),
    Reason(
        "lief",
        r"export\[.*\]\.there",
        _nameless_forwarder,
        "LIEF takes the text that a nameless export is forwarded to for its name",
    ),
    Reason(
        "pefile",
        r"export\[.*\]\.there|import\[.*\]\.name",
        _longer_than_pefile,
        "pefile cuts names to 512 bytes; linkers write up to 4,096",
    ),
    Reason(
        "pefile",
        r"section\[\d+\]\.(sha256|entropy)|directory\[\d+\]\.offset|(debug|relocations|resource|version)\b.*",
        _efi_to_the_byte,
        "pefile rounds a section's place in the file down to a sector, as Windows does; UEFI's loader reads to the byte",
    ),
    Reason(
        "pefile",
        r"exceptions\.functions",
        _given_up,
        "pefile gives the table up, with a warning, at the first row whose unwind data it does not find, as in packed files",
    ),
    Reason(
        "lief",
        r"exceptions\.functions",
        _more_than_fit,
        "LIEF lists more functions than the directory has room for rows",
    ),
    Reason(
        "lief",
        r"exceptions\.functions",
        _arm,
        "LIEF does not read the rows of 32-bit ARM",
    ),
    Reason(
        "lief",
        r"signature\[\d+\]\..*(subject|issuer)",
        _escaped_hash,
        "LIEF escapes a # inside a name; RFC 4514 has it escaped at the start alone",
    ),
    Reason(
        "pefile lief",
        r"overlay\.(offset|span)",
        _no_section,
        "without any section the peers call what follows the section table overlay, or all of the file; "
        "it lies within SizeOfHeaders",
    ),
    Reason(
        "lief",
        r"checksum\.computed",
        _no_section,
        "LIEF sums something else than the file where there is no section; pefile has our sum",
    ),
    Reason(
        "pefile",
        r"overlay\.offset",
        _directory_nowhere,
        "pefile ends the image behind a directory for whose address the file has no byte, at a place it makes up",
    ),
    Reason(
        "lief",
        r"relocations\.(blocks|entries)",
        _page_zero,
        "LIEF takes a block for page 0 for the end of the table; UEFI linkers write such a one so that there is a table",
    ),
    Reason(
        "pefile",
        r"(relocations|tls|load_config|delay_import|bound_import|exceptions)\b.*",
        _few_directories,
        "pefile reads no further directory, of lower number too, once it has asked for one that a short table lacks",
    ),
    Reason(
        "lief",
        r"load_config\.guard_flags",
        _newer_flags,
        "LIEF has no name for the guard flags that winnt.h defines last",
    ),
    Reason(
        "pefile lief",
        r"delay_import\.libraries",
        _packed_descriptor,
        "the directory points at packed bytes, which name no library; we tell one without a name, the peers none or "
        "several empty ones",
    ),
    Reason(
        "lief",
        r"signature\.count",
        _digest_holds,
        "LIEF wants the data type in the signed content and gives up without; the digest there is that of the file",
    ),
)
