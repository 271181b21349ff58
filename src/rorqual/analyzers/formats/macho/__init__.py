"""Mach-O: programs, libraries, objects and core files of macOS, iOS and their kin, thin or universal.

A header that leads to load commands; these name segments (what the kernel maps, with sections in them) and data that
the loader wants, most of it in the segment __LINKEDIT. A universal file holds several of them.

https://github.com/apple-oss-distributions/xnu/tree/main/EXTERNAL_HEADERS/mach-o and, for what the loader makes of it,
https://github.com/apple-oss-distributions/dyld. Relocations, rebasing and binding opcodes, chained pointers, debugging
information, Objective-C and Swift metadata are not handled, nor are members of kernel collections and of dyld's shared
cache, whose offsets count from the collection's start.

names.py, cpus.py, commands.py  what the numbers are called
form.py, headers.py  the structures, as stored
layout.py        what lies where: sections, file places of addresses, link-edit data, the file's end
entry.py, identity.py  what load commands say of the whole
anomalies.py, sections.py  what is wrong with header, commands and segments, and with single sections
bodies.py        the records that findings on the headers carry
probe.py         the probe for files
fat.py, universal.py  universal files
symbol_table.py, export_trie.py, chained_imports.py, code_directory.py, cms.py  what several parts read, or at length

Each part has a module with a probe of its own beside these: it wakes on Kind("macho"), which `MachO` announces for
each file with the Layout as the hit's context, so that a hostile part costs the others nothing.
"""

from rorqual.analyzers.later import Later
from rorqual.sdk import Anchor, Kind, Probe

MACHO, END = Kind("macho"), Kind("end")
MAGICS = (b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe", b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf")
FAT_MAGICS = (b"\xca\xfe\xba\xbe", b"\xca\xfe\xba\xbf")


def probes() -> tuple[Probe, ...]:
    """The probes for files, thin and universal, and those that the first wakes for each, with its Layout."""
    # Magic, and a processor's number as it is stored: below 0x21, with the bits for ABIs in the upper byte.
    little = Anchor(rb"[\xce\xcf]\xfa\xed\xfe[\x01-\x20]\x00\x00[\x00-\x02]")
    big = Anchor(rb"\xfe\xed\xfa[\xce\xcf][\x00-\x02]\x00\x00[\x01-\x20]")
    fat = Anchor(rb"\xca\xfe\xba[\xbe\xbf]\x00\x00\x00[\x01-\x20]")
    return (
        Later("macho", "formats.macho.probe:MachO", little, big, END, announces=("macho",), heads=MAGICS),
        Later("macho-build", "formats.macho.build:MachOBuildProbe", MACHO),
        Later("macho-libraries", "formats.macho.libraries:MachOLibrariesProbe", MACHO),
        Later("macho-mitigations", "formats.macho.mitigations:MachOMitigationsProbe", MACHO),
        Later("macho-signature", "formats.macho.signature:MachOSignatureProbe", MACHO),
        Later("macho-symbols", "formats.macho.symbols:MachOSymbolsProbe", MACHO),
        Later("macho-universal", "formats.macho.universal:MachOUniversalProbe", fat, END, heads=FAT_MAGICS),
    )
