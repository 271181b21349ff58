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

from rorqual.analyzers.later import Later
from rorqual.sdk import Anchor, Kind, Probe

ELF, END = Kind("elf"), Kind("end")


def probes() -> tuple[Probe, ...]:
    """The probe for files and those that it wakes for each, with its Layout as the hit's context."""
    header = Anchor(rb"\x7fELF[\x01\x02][\x01\x02]\x01")
    return (
        Later("elf", "formats.elf.probe:ELF", header, END, announces=("elf",), heads=(b"\x7fELF",)),
        Later("elf-build", "formats.elf.build:ELFBuildProbe", ELF),
        Later("elf-dynamic", "formats.elf.dynamic:ELFDynamicProbe", ELF),
        Later("elf-mitigations", "formats.elf.mitigations:ELFMitigationsProbe", ELF),
        Later("elf-notes", "formats.elf.notes:ELFNotesProbe", ELF),
        Later("elf-packed", "formats.elf.packed:ELFPackedProbe", ELF),
        Later("elf-symbols", "formats.elf.symbols:ELFSymbolsProbe", ELF),
        Later("elf-telfhash", "formats.elf.telfhash:TelfhashProbe", ELF, library="tlsh"),
    )
