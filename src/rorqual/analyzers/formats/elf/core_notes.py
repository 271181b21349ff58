"""Core files of Linux: which process died of what, and which files it had mapped.

https://www.kernel.org/doc, include/linux/elfcore.h (struct elf_prpsinfo, elf_prstatus) and fs/binfmt_elf.c (NT_FILE).
Registers, memory and the notes of other systems' cores are not handled.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple

from rorqual.analyzers.formats.elf import names
from rorqual.analyzers.formats.elf.bodies import ROWS
from rorqual.analyzers.formats.elf.layout import Layout
from rorqual.analyzers.formats.elf.note_table import FILE, PRPSINFO, PRSTATUS, Note
from rorqual.sdk import Finding, Hit, frozen

FILES_READ = 4 << 20  # bytes of NT_FILE, which Linux lets grow to 4 MiB
_PSINFO_SIZES = (124, 128, 136)  # 32-bit with 16-bit or 32-bit user ids, 64-bit


class ELFMappedFile(NamedTuple):
    """A file that the process had mapped."""

    start: int  # address
    end: int
    file_offset: int  # bytes
    path: str


@frozen
class ELFMappedFiles:
    """Mapped files; the finding spans the note."""

    tag: ClassVar[str] = "elf_mapped_files"
    first: int
    rows: tuple[ELFMappedFile, ...]


@frozen
class ELFCore:
    """The process that a core file is of; the finding spans the note that names it."""

    tag: ClassVar[str] = "elf_core"
    program: str  # at most 15 characters of the file's name
    arguments: str  # at most 79 characters of the command line
    pid: int
    signal: int
    threads: int
    mapped_files: int


@dataclass
class Core:
    """What is known of a core file so far."""

    start: int = 0
    size: int = 0
    program: str = ""
    arguments: str = ""
    pid: int = 0
    signal: int = 0
    threads: int = 0
    files: list[tuple[int, int]] = field(default_factory=list)  # (at, size) of the descriptors

    def take(self, layout: Layout, note: Note, data: bytes) -> None:
        """Takes what a note says."""
        if note.name != "CORE":
            return
        order = layout.form.order
        if note.type == PRSTATUS and len(data) >= 16:
            self.threads += 1
            if self.threads == 1:  # the first is of the thread that died
                self.signal = int.from_bytes(data[:4], order)
        elif note.type == PRPSINFO and note.size in _PSINFO_SIZES and len(data) == note.size:
            self.start, self.size = note.start, note.at + note.size - note.start
            self.program = names.printable(data[-96:-80].split(b"\0", 1)[0])
            self.arguments = names.printable(data[-80:].split(b"\0", 1)[0].rstrip())
            self.pid = int.from_bytes(data[-112:-108], order)
        elif note.type == FILE:
            self.files.append((note.at, note.size))


def core_findings(hit: Hit, layout: Layout, core: Core) -> Iterator[Finding]:
    """The process and its mapped files."""
    count = 0
    for at, size in core.files[:1]:
        for first, rows in _mapped(hit, layout, at, size):
            yield hit.finding(at, layout.stored(at, size), ELFMappedFiles(first, rows))
            count = first + len(rows)
    if core.size or core.threads:
        body = ELFCore(core.program, core.arguments, core.pid, core.signal, core.threads, count)
        yield hit.finding(core.start, core.size or layout.end, body)


def _mapped(hit: Hit, layout: Layout, at: int, size: int) -> Iterator[tuple[int, tuple[ELFMappedFile, ...]]]:
    """(first, rows) of NT_FILE: a count, the page size, three words for each mapping, then the paths."""
    word, form = layout.form.word, layout.form
    data = hit.view.read(at, min(size, FILES_READ))
    if len(data) < 2 * word:
        return
    count, page = struct.unpack_from(f"{form.mark}2{form.words}", data)
    places = 2 * word + count * 3 * word
    if places > len(data):
        return
    name = places
    rows: list[ELFMappedFile] = []
    first = 0
    for number in range(count):
        hit.view.step()
        start, end, offset = struct.unpack_from(f"{form.mark}3{form.words}", data, (2 + 3 * number) * word)
        nul = data.find(b"\0", name)
        if nul < 0:
            break
        rows.append(ELFMappedFile(start, end, offset * page, names.printable(data[name:nul])))
        name = nul + 1
        if len(rows) == ROWS:
            yield first, tuple(rows)
            first += ROWS
            rows = []
    if rows:
        yield first, tuple(rows)
