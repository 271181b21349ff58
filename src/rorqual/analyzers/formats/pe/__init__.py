"""Portable Executable: the images of Windows, UEFI and .NET.

A DOS header ("MZ") whose e_lfanew leads to "PE\\0\\0", a COFF header, an optional header with up to 16 data
directories, and a table of sections; then the sections' bytes, and behind them whatever was appended (the
overlay), which may hold a COFF symbol table and the certificate table.

https://learn.microsoft.com/windows/win32/debug/pe-format
Bare COFF objects, ROM images without "MZ", 16-bit NE/LE/LX executables and terse (TE) images are not handled.

names.py     what the numbers are called
headers.py   the structures, as stored
layout.py    what lies where: sections, file places of addresses, image end, symbol and certificate tables
memory.py    the image as mapped: reading by address; window.py reads what lies together in few reads
rows.py      rows of long tables, gathered until they make a finding
anomalies.py what is wrong with the headers
sections.py  what is wrong with single sections
bodies.py    the records that findings on the headers carry
probe.py     the probe

linking/     imports and exports
resources/   the resource tree and what its leaves hold
running/     TLS, debug data, load configuration, relocations, exceptions, checksum, mitigations
signing/     Authenticode
origin/      rich header; signs of compilers, packers, protectors and installers
dotnet/      managed images

Each directory (imports, resources, …) has a module with a probe of its own: it wakes on Kind("pe"),
which `PE` announces for each image with the Layout as the hit's context, so that a hostile directory costs the others
nothing.
"""

from rorqual.analyzers.later import Later
from rorqual.sdk import Anchor, Kind, Probe

PE, END = Kind("pe"), Kind("end")


def probes() -> tuple[Probe, ...]:
    """The probe for images and those that it wakes for each image, with its Layout as the hit's context."""
    image = Anchor(rb"MZ[\x00-\xff]{61}[\x00-\x0f]")  # a whole DOS header whose e_lfanew is below 256 MiB
    fuses = Anchor(rb"dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX")  # of Electron, which have no fixed place
    return (
        Later("pe", "formats.pe.probe:PE", image, END, announces=("pe",), heads=(b"MZ",)),
        Later("pe-authenticode", "formats.pe.signing.authenticode:Authenticode", PE, version=2),
        Later("pe-checksum", "formats.pe.running.checksum:PEHeaderChecksum", PE, END, heads=(b"MZ",)),
        Later("pe-debug", "formats.pe.running.debug:PEDebugDirectory", PE),
        Later("pe-dotnet", "formats.pe.dotnet.probe:PEDotNet", PE),
        Later("pe-entry", "formats.pe.origin.entry:PEEntry", PE, END, fuses, heads=(b"MZ",)),
        Later("pe-exceptions", "formats.pe.running.exceptions:PEExceptionDirectory", PE),
        Later("pe-exports", "formats.pe.linking.exports:PEExportDirectory", PE),
        Later("pe-icons", "formats.pe.resources.icons:PEIconsProbe", PE),
        Later("pe-imports", "formats.pe.linking.imports:PEImportDirectory", PE),
        Later("pe-load-config", "formats.pe.running.load_config:PELoadConfiguration", PE),
        Later("pe-manifest", "formats.pe.resources.manifest:PEManifestProbe", PE),
        Later("pe-mitigations", "formats.pe.running.mitigations:PEHardening", PE),
        Later("pe-relocations", "formats.pe.running.relocations:PEBaseRelocations", PE),
        Later("pe-resources", "formats.pe.resources.resources:PEResourcesProbe", PE),
        Later("pe-rich", "formats.pe.origin.rich:PERichHeader", PE),
        Later("pe-strings", "formats.pe.resources.strings:PEStringsProbe", PE),
        Later("pe-tls", "formats.pe.running.tls:PEThreadLocal", PE),
        Later("pe-version", "formats.pe.resources.version:PEVersionProbe", PE),
    )
