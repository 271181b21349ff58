"""Width and byte order by the magic, and the header behind it: how numbers are stored, and whether they make sense."""

import struct
from typing import Literal, NamedTuple

from rorqual.analyzers.formats.macho.commands import NAMES
from rorqual.analyzers.formats.macho.cpus import ABI64, is_cpu
from rorqual.analyzers.formats.macho.names import TYPES
from rorqual.sdk import View

HEADER_SIZES = {False: 28, True: 32}
COMMAND_SIZE = 8  # of a load command's head: number and size


class Form(NamedTuple):
    """How numbers are stored."""

    wide: bool  # 64 bits
    big: bool

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

    @property
    def header(self) -> int:
        """Bytes of the file header."""
        return HEADER_SIZES[self.wide]


MAGICS = {
    b"\xce\xfa\xed\xfe": Form(wide=False, big=False),
    b"\xcf\xfa\xed\xfe": Form(wide=True, big=False),
    b"\xfe\xed\xfa\xce": Form(wide=False, big=True),
    b"\xfe\xed\xfa\xcf": Form(wide=True, big=True),
}


class FileHeader(NamedTuple):
    """mach_header or mach_header_64 behind the magic."""

    cpu: int
    subtype: int
    type: int
    commands: int
    commands_size: int
    flags: int
    reserved: int  # 0 where the header is that of 32 bits


def likelihood(view: View) -> int:
    """0 where no Mach-O file starts, up to 15 where one most likely does; one small read."""
    head = read_header(view.read(0, HEADER_SIZES[True] + COMMAND_SIZE))
    if head is None:
        return 0
    form, file = head
    wide_enough = bool(file.cpu & ABI64) == form.wide
    return 1 + 2 * is_cpu(file.cpu) + 4 * wide_enough + 8 * (file.commands * COMMAND_SIZE <= file.commands_size)


def read_header(data: bytes) -> tuple[Form, FileHeader] | None:
    """The form and header, if a load command that may be one follows: a magic alone proves nothing."""
    form = MAGICS.get(data[:4])
    if form is None or len(data) < form.header + COMMAND_SIZE:
        return None
    file = FileHeader._make((*struct.unpack_from(f"{form.mark}6I", data, 4), 0))
    if form.wide:
        file = file._replace(reserved=int.from_bytes(data[28:32], form.order))
    command, size = struct.unpack_from(f"{form.mark}2I", data, form.header)
    if not 0 < file.type < len(TYPES) or not file.commands or command not in NAMES:
        return None
    if not COMMAND_SIZE <= size <= max(file.commands_size, COMMAND_SIZE):
        return None
    return form, file
