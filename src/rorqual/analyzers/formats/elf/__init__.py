"""Executable and Linkable Format: programs, libraries, objects and core files of Unix systems and many others.

A file header ("\\x7fELF") that leads to program headers (segments: what a loader maps) and section headers (what a
linker and debuggers look at); either table may be missing.

https://gabi.xinuos.com, with the processors' supplements, and https://refspecs.linuxfoundation.org for what GNU added.
Relocations, debugging information (DWARF), version control of single sections and Solaris' own tables are not handled.

names.py, machines.py, machine_flags.py, tags.py  what the numbers are called
headers.py       the structures, as stored
layout.py        what lies where: sections, file places of addresses, the dynamic table, the file's end
memory.py        the file as mapped: reading by address
anomalies.py     what is wrong with file and program headers
sections.py      what is wrong with single sections
bodies.py        the records that findings on the headers carry
probe.py         the probe
symbol_table.py, versions.py, note_table.py, go.py, rust.py, upx.py  what several parts read, or one at length

Each part has a module with a probe of its own beside these: it wakes on Kind("elf"), which `ELF` announces for each
file with the Layout as the hit's context, so that a hostile part costs the others nothing.
"""

from rorqual.analyzers.formats.elf.bodies import (
    ELFImage,
    ELFOverlay,
    ELFPart,
    ELFSection,
    ELFSegment,
    ELFSegments,
)
from rorqual.analyzers.formats.elf.build import ELFBuildProbe
from rorqual.analyzers.formats.elf.dynamic import ELFDynamicProbe
from rorqual.analyzers.formats.elf.mitigations import ELFMitigationsProbe
from rorqual.analyzers.formats.elf.notes import ELFNotesProbe
from rorqual.analyzers.formats.elf.packed import ELFPackedProbe
from rorqual.analyzers.formats.elf.probe import ELF
from rorqual.analyzers.formats.elf.symbols import ELFSymbolsProbe
from rorqual.analyzers.formats.elf.telfhash import TelfhashProbe
from rorqual.sdk import Probe

__all__ = ["ELF", "ELFImage", "ELFOverlay", "ELFPart", "ELFSection", "ELFSegment", "ELFSegments", "probes"]


def probes() -> tuple[Probe, ...]:
    """The probe for files and those that it wakes for each, with its Layout as the hit's context.

    Each may use an equal share of the fuel that is left, in this order: symbols come last, having the most to read.
    """
    return (
        ELF(),
        ELFPackedProbe(),
        ELFDynamicProbe(),
        ELFNotesProbe(),
        ELFBuildProbe(),
        ELFMitigationsProbe(),
        TelfhashProbe(),
        ELFSymbolsProbe(),
    )
