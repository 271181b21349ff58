"""Manifest resources: those in the image with their content, those that lie in other files by name."""

from collections.abc import Iterator

from rorqual.analyzers.formats.pe.dotnet.bodies import DotNetEmbedded, DotNetResource
from rorqual.analyzers.formats.pe.dotnet.metadata import Metadata
from rorqual.analyzers.formats.pe.dotnet.tables import ASSEMBLY_REF, FILE, MANIFEST_RESOURCE, chosen
from rorqual.analyzers.formats.pe.dotnet.words import shown
from rorqual.analyzers.formats.pe.layout import Layout
from rorqual.analyzers.formats.pe.memory import Memory
from rorqual.analyzers.formats.pe.resources.resource_content import ARCHIVES, EXECUTABLES, content_of
from rorqual.sdk import Anomaly, Codec, Hit, RangeDigest, Region, Said

TOLD = 4096  # as findings of their own; the count of all is in the summary
_VISIBILITY, _PUBLIC = 0x7, 0x1  # of the flags
_SET_MAGIC = b"\xce\xca\xef\xbe"  # a .resources file, as compilers make them of texts and images
_MEASURES = ("entropy", "sha256")


def linked(metadata: Metadata) -> Iterator[DotNetResource]:
    """Resources in other files and assemblies."""
    for _, flags, name, where in metadata.rows(MANIFEST_RESOURCE):
        table, index = chosen("Implementation", where)
        row = metadata.row(table, index) if index and table in (FILE, ASSEMBLY_REF) else None
        if row is None:
            continue
        text = shown(metadata.string(row[1] if table == FILE else row[6]))
        public = flags & _VISIBILITY == _PUBLIC
        yield DotNetResource(
            shown(metadata.string(name)), public, text if table == FILE else None, None if table == FILE else text
        )


def embedded(
    hit: Hit, layout: Layout, memory: Memory, metadata: Metadata, directory: tuple[int, int]
) -> Iterator[Said]:
    """Resources in the image: each a length of four bytes, then so many bytes."""
    told = 0
    for offset, flags, name, where in metadata.rows(MANIFEST_RESOURCE):
        if where >> 2:
            continue
        told += 1
        if told > TOLD:
            at = layout.at(directory[0]) or 0
            proof = f"{TOLD} embedded resources are told, there are more"
            yield hit.finding(at, 0, Anomaly("dotnet_resources_not_told", proof))
            return
        yield from _embedded(hit, layout, memory, directory, (offset, shown(metadata.string(name)), flags))


def _embedded(
    hit: Hit, layout: Layout, memory: Memory, directory: tuple[int, int], resource: tuple[int, str, int]
) -> Iterator[Said]:
    offset, name, flags = resource
    rva = directory[0] + offset
    head, at = memory.read(rva, 4), layout.at(rva + 4)
    if len(head) < 4 or at is None:
        proof = f"{name} at RVA {rva:#x}: nothing of it is in the file"
        yield hit.finding(layout.at(directory[0]) or 0, 0, Anomaly("dotnet_resource_outside_image", proof))
        return
    size = int.from_bytes(head, "little")
    present = min(size, layout.mapped(rva + 4)[1])
    content = "resources" if memory.read(rva + 4, 4) == _SET_MAGIC else content_of(hit.view, at, present)
    body = DotNetEmbedded(name, flags & _VISIBILITY == _PUBLIC, size, content)
    finding = hit.finding(at, present, body)
    if not present:
        yield finding
        return
    yield RangeDigest(finding, ((finding.offset, present),), _MEASURES)
    if offset + 4 + size > directory[1]:
        proof = f"{name}: ends at {offset + 4 + size:#x} of resources of {directory[1]:#x} bytes"
        yield hit.finding(at, present, Anomaly("dotnet_resource_past_end", proof))
    if content in EXECUTABLES or content in ARCHIVES:
        yield Region(at, present, "pe-resource", through=Codec("resource", None))
