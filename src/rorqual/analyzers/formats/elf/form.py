"""Class, byte order and the file header behind them: how numbers are stored, and whether they make sense."""

import struct
from typing import Literal, NamedTuple

from rorqual.analyzers.formats.elf.machines import is_machine
from rorqual.sdk import View

IDENT_SIZE = 16
HEADER_SIZES = {False: 52, True: 64}
SEGMENT_SIZES = {False: 32, True: 56}
SECTION_SIZES = {False: 40, True: 64}
_SURE = 2 + 4 + 8 + 32  # of `_fits`: header size, version, machine and program headers


class Form(NamedTuple):
    """How numbers are stored: class and byte order."""

    wide: bool  # ELFCLASS64
    big: bool  # ELFDATA2MSB

    @property
    def mark(self) -> str:
        """The byte order for struct."""
        return ">" if self.big else "<"

    @property
    def order(self) -> Literal["big", "little"]:
        return "big" if self.big else "little"

    @property
    def word(self) -> int:
        """Bytes of an address."""
        return 8 if self.wide else 4

    @property
    def words(self) -> str:
        """An address for struct."""
        return "Q" if self.wide else "I"


class FileHeader(NamedTuple):
    """Elf32_Ehdr or Elf64_Ehdr behind e_ident."""

    e_type: int
    e_machine: int
    e_version: int
    e_entry: int
    e_phoff: int
    e_shoff: int
    e_flags: int
    e_ehsize: int
    e_phentsize: int
    e_phnum: int
    e_shentsize: int
    e_shnum: int
    e_shstrndx: int


def file_form(form: Form) -> struct.Struct:
    """The file header behind e_ident."""
    return struct.Struct(f"{form.mark}HHI3{form.words}I6H")


def likelihood(view: View) -> int:
    """0 where no ELF file starts, up to 63 where one most likely does; one small read."""
    data = view.read(0, 64)
    form = form_of(data)
    return 0 if form is None else _fits(data, form)


def form_of(data: bytes) -> Form | None:
    """The class and byte order in which a file header reads well: those declared, if they do.

    Linux knows its own and ignores the declared ones, which some change to blind tools; then another reading has to
    hold in full.
    """
    if len(data) < 52 or data[:4] != b"\x7fELF" or data[4] not in (1, 2) or data[5] not in (1, 2) or data[6] != 1:
        return None
    declared = Form(data[4] == 2, data[5] == 2)
    if _fits(data, declared):
        return declared
    wide, big = declared
    others = (Form(wide, not big), Form(not wide, big), Form(not wide, not big))
    return next((form for form in others if _fits(data, form) & _SURE == _SURE), None)


def _fits(data: bytes, form: Form) -> int:
    if len(data) < HEADER_SIZES[form.wide]:
        return 0
    file = FileHeader._make(file_form(form).unpack_from(data, IDENT_SIZE))
    segments = file.e_phentsize == SEGMENT_SIZES[form.wide] and file.e_phnum > 0
    sections = file.e_shentsize == SECTION_SIZES[form.wide] and file.e_shoff > 0
    named = file.e_type in range(1, 5) or file.e_type >= 0xFE00
    # Loaders look at the type and the size of program headers alone; e_ehsize and e_version may be anything.
    if not named or not (segments or sections or file.e_ehsize == HEADER_SIZES[form.wide]):
        return 0
    return (
        1
        + 2 * (file.e_ehsize == HEADER_SIZES[form.wide])
        + 4 * (file.e_version == 1)
        + 8 * is_machine(file.e_machine)
        + 16 * sections
        + 32 * segments
    )
