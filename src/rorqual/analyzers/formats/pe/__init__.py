"""Portable Executable: the images of Windows, UEFI and .NET.

A DOS header ("MZ") whose e_lfanew leads to "PE\\0\\0", a COFF header, an optional header with up to 16 data
directories, and a table of sections; then the sections' bytes, and behind them whatever was appended (the
overlay), which may hold a COFF symbol table and the certificate table.

https://learn.microsoft.com/windows/win32/debug/pe-format
Bare COFF objects, ROM images without "MZ", 16-bit NE/LE/LX executables and terse (TE) images are not handled.

names.py     what the numbers are called
headers.py   the structures, as stored
layout.py    what lies where: sections, file places of addresses, image end, symbol and certificate tables
memory.py    the image as mapped: reading by address
anomalies.py what is wrong with the headers
sections.py  what is wrong with single sections
bodies.py    the records that findings carry
probe.py     the probe

Each directory (imports, resources, …) has a module with a probe of its own beside these: it wakes on Kind("pe"),
which `PE` announces for each image with the Layout as the hit's context, so that a hostile directory costs the others
nothing.
"""

from rorqual.analyzers.formats.pe.authenticode import Authenticode
from rorqual.analyzers.formats.pe.bodies import (
    PEDirectory,
    PEDos,
    PEImage,
    PEOverlay,
    PEPart,
    PESection,
)
from rorqual.analyzers.formats.pe.checksum import PEHeaderChecksum
from rorqual.analyzers.formats.pe.debug import PEDebugDirectory
from rorqual.analyzers.formats.pe.dotnet import PEDotNet
from rorqual.analyzers.formats.pe.entry import PEEntry
from rorqual.analyzers.formats.pe.exceptions import PEExceptionDirectory
from rorqual.analyzers.formats.pe.exports import PEExportDirectory
from rorqual.analyzers.formats.pe.icons import PEIconsProbe
from rorqual.analyzers.formats.pe.imports import PEImportDirectory
from rorqual.analyzers.formats.pe.load_config import PELoadConfiguration
from rorqual.analyzers.formats.pe.manifest import PEManifestProbe
from rorqual.analyzers.formats.pe.mitigations import PEHardening
from rorqual.analyzers.formats.pe.probe import PE
from rorqual.analyzers.formats.pe.relocations import PEBaseRelocations
from rorqual.analyzers.formats.pe.resources import PEResourcesProbe
from rorqual.analyzers.formats.pe.rich import PERichHeader
from rorqual.analyzers.formats.pe.strings import PEStringsProbe
from rorqual.analyzers.formats.pe.tls import PEThreadLocal
from rorqual.analyzers.formats.pe.version import PEVersionProbe
from rorqual.sdk import Probe

__all__ = ["PE", "PEDirectory", "PEDos", "PEImage", "PEOverlay", "PEPart", "PESection", "probes"]


def probes() -> tuple[Probe, ...]:
    """The probe for images and those that it wakes for each image, with its Layout as the hit's context."""
    return (
        PE(),
        PEHeaderChecksum(),
        PERichHeader(),
        PEImportDirectory(),
        PEExportDirectory(),
        Authenticode(),
        PEDebugDirectory(),
        PEDotNet(),
        PEExceptionDirectory(),
        PELoadConfiguration(),
        PEHardening(),
        PEBaseRelocations(),
        PEThreadLocal(),
        PEResourcesProbe(),
        PEVersionProbe(),
        PEManifestProbe(),
        PEIconsProbe(),
        PEStringsProbe(),
        PEEntry(),
    )
