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

from collections.abc import Iterator

from rorqual.analyzers.later import Later
from rorqual.sdk import Anchor, Hit, Kind, Probe, Said

PE, END = Kind("pe"), Kind("end")
EXPORT, RESOURCE, EXCEPTION, SECURITY, BASERELOC, DEBUG, TLS, COM_DESCRIPTOR = 0, 2, 3, 4, 5, 6, 9, 14


class OfDirectory(Later):
    """A probe of one data directory, which is not loaded for images that have none."""

    def __init__(self, name: str, home: str, directory: int, *, version: int = 1) -> None:
        super().__init__(name, home, PE, version=version)
        self._directory = directory

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        """What the probe says."""
        headers = getattr(hit.context, "headers", None)
        place = headers.directories[self._directory :][:1] if headers is not None else ()
        return super().examine(hit) if any(one.rva or one.size for one in place) else iter(())


def probes() -> tuple[Probe, ...]:
    """The probe for images and those that it wakes for each image, with its Layout as the hit's context."""
    image = Anchor(rb"MZ[\x00-\xff]{61}[\x00-\x0f]")  # a whole DOS header whose e_lfanew is below 256 MiB
    fuses = Anchor(rb"dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX")  # of Electron, which have no fixed place
    return (
        Later("pe", "formats.pe.probe:PE", image, END, announces=("pe",), heads=(b"MZ",)),
        OfDirectory("pe-authenticode", "formats.pe.signing.authenticode:Authenticode", SECURITY, version=2),
        Later("pe-checksum", "formats.pe.running.checksum:PEHeaderChecksum", PE, END, heads=(b"MZ",)),
        OfDirectory("pe-debug", "formats.pe.running.debug:PEDebugDirectory", DEBUG),
        OfDirectory("pe-dotnet", "formats.pe.dotnet.probe:PEDotNet", COM_DESCRIPTOR),
        Later("pe-entry", "formats.pe.origin.entry:PEEntry", PE, END, fuses, heads=(b"MZ",)),
        OfDirectory("pe-exceptions", "formats.pe.running.exceptions:PEExceptionDirectory", EXCEPTION),
        OfDirectory("pe-exports", "formats.pe.linking.exports:PEExportDirectory", EXPORT),
        OfDirectory("pe-icons", "formats.pe.resources.icons:PEIconsProbe", RESOURCE),
        Later("pe-imports", "formats.pe.linking.imports:PEImportDirectory", PE),
        Later("pe-load-config", "formats.pe.running.load_config:PELoadConfiguration", PE),
        OfDirectory("pe-manifest", "formats.pe.resources.manifest:PEManifestProbe", RESOURCE),
        Later("pe-mitigations", "formats.pe.running.mitigations:PEHardening", PE),
        OfDirectory("pe-relocations", "formats.pe.running.relocations:PEBaseRelocations", BASERELOC),
        OfDirectory("pe-resources", "formats.pe.resources.resources:PEResourcesProbe", RESOURCE),
        Later("pe-rich", "formats.pe.origin.rich:PERichHeader", PE),
        OfDirectory("pe-strings", "formats.pe.resources.strings:PEStringsProbe", RESOURCE),
        OfDirectory("pe-tls", "formats.pe.running.tls:PEThreadLocal", TLS),
        OfDirectory("pe-version", "formats.pe.resources.version:PEVersionProbe", RESOURCE),
    )
