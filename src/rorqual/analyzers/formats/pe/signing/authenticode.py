"""Authenticode: the attribute certificate table of a PE image, the signatures in it, and whether they hold.

A table of WIN_CERTIFICATE entries at a place in the file; in each a CMS SignedData whose content is a digest of the
file without its checksum, the table's own entry in the header, and the table itself; then certificates and one
signer, outside of whose signature stand time stamps and further signatures.

https://learn.microsoft.com/windows/win32/debug/pe-format#the-attribute-certificate-table-image-only
https://download.microsoft.com/download/9/c/5/9c5b2167-8017-4bae-9fde-d599bac8184a/Authenticode_PE.docx

What is behind the table counts for the digest, as all does that the specification does not except. It goes through the
sections by their place in the file; for images without holes between them, which is what signers sign, that is the
file from its start to its end. Catalogs (signatures in other files), page hashes beyond their number, revocation,
trust in roots and X.509 entries without SignedData are not handled. No clock is read: validity is held against time
stamps alone.

A table that lies over sections or headers leaves them out of the digest, so no signature in it is taken for valid;
nor is one in a table with more of the file behind it, which the specification puts last.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from rorqual.analyzers.formats.pe import names
from rorqual.analyzers.formats.pe.layout import CERTIFICATE_ALIGNMENT, Layout, Part
from rorqual.analyzers.formats.pe.signing.certificates import ENTRIES_TOLD, Table, walk
from rorqual.analyzers.formats.pe.signing.signature_bodies import (
    PECertificateData,
    PECertificateEntry,
    PECertificateTable,
)
from rorqual.sdk import Anchor, Anomaly, Finding, Hit, Kind, Malformed, RangeDigest, Said, View

GAPS_TOLD = 64
_CHECKSUM_AT = 64  # in the optional header of either kind
_CHECKSUM_SIZE = 4
_DIRECTORY_SIZE = 8
_ENDLESS = 1 << 62  # bytes: more than any source has
_HIDDEN = ("T1027.009", "T1553.002")  # Embedded Payloads; Subvert Trust Controls: Code Signing
_INSIDE = {
    "entry": "in a certificate, behind its structure",
    "alignment": "between certificates, where zeros belong",
    "table": "in the certificate table, behind the last certificate",
}


class Authenticode:
    """Certificate table, certificates and signatures of PE images."""

    name = "pe-authenticode"
    version = 2
    wakes_on: tuple[Anchor | Kind, ...] = (Kind("pe"),)

    def score(self, view: View, /) -> int:
        """Of no use: regions are not rationed."""
        return 1

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        """Table, what is hidden in it, signatures."""
        layout = hit.context
        if not isinstance(layout, Layout):
            raise Malformed(hit.offset, "the layout of a PE image")
        part = next((part for part in layout.parts if part.name == "certificates" and part.present), None)
        if part is None:
            return
        table = walk(hit.view, part)
        # An image inside something bigger is taken to end with its table.
        behind = hit.view.within(part.end, _ENDLESS) if hit.offset == 0 else None
        yield hit.finding(part.at, part.present, _table(hit, part, table, behind))
        yield from _oddities(hit, layout, part, table, behind)
        yield from _hidden(hit, table)
        end = max(part.end, layout.end) if behind is None else part.end + behind
        ranges = _signed_ranges(layout, part, end)
        # Imported here: reading certificates costs 10 ms of start-up, and most images are not signed.
        from rorqual.analyzers.formats.pe.signing.signatures import signatures  # noqa: PLC0415

        signed = tuple((hit.offset + start, stop - start) for start, stop in ranges)
        yield from signatures(hit, part, table, signed, tuple(_misplaced(layout, part, behind)))


def _table(hit: Hit, part: Part, table: Table, behind: int | None) -> PECertificateTable:
    rows = tuple(
        PECertificateEntry(hit.offset + entry.at, entry.length, entry.revision, entry.type, entry.der)
        for entry in table.entries
    )
    return PECertificateTable(part.size, rows, table.entry_count, sum(gap.size for gap in table.gaps), behind)


def _misplaced(layout: Layout, part: Part, behind: int | None) -> Iterator[str]:
    """The digest has holes; what a loader reads must not lie in one, or it can be changed and the digest holds."""
    headers = layout.headers
    entry_end = headers.directories_at + (names.SECURITY + 1) * _DIRECTORY_SIZE
    image_end = max(layout.end, headers.optional.size_of_headers)
    if part.at < image_end or headers.table_at < entry_end:
        yield "certificates_inside_image"
    if behind:
        yield "certificate_table_not_last"


def _oddities(hit: Hit, layout: Layout, part: Part, table: Table, behind: int | None) -> Iterator[Finding]:
    at = layout.headers.directories_at + names.SECURITY * _DIRECTORY_SIZE
    where = f"certificate table at {part.at:#x}, size {part.size:#x}"
    if behind:
        proof = f"{where}: {behind:#x} bytes of the file behind it"
        yield hit.finding(part.end, behind, Anomaly("certificate_table_not_last", proof))
    if part.at % CERTIFICATE_ALIGNMENT:
        yield hit.finding(at, _DIRECTORY_SIZE, Anomaly("certificate_table_unaligned", where))
    if table.lying is not None:
        place, length = table.lying
        proof = f"certificate at {place:#x}: length {length:#x}, the table ends at {part.end:#x}"
        yield hit.finding(place, 4, Anomaly("certificate_length_wrong", proof))
    if table.entry_count > len(table.entries):
        proof = f"{where}: {table.entry_count} or more entries, of which {ENTRIES_TOLD} are told"
        yield hit.finding(part.at, part.present, Anomaly("certificate_entries_many", proof))
    for entry in table.entries:
        if entry.type == "PKCS_SIGNED_DATA" and not entry.der:
            proof = f"certificate at {entry.at:#x}: length {entry.length:#x}, no DER structure that fits into it"
            yield hit.finding(entry.at, entry.length, Anomaly("certificate_entry_malformed", proof))


def _hidden(hit: Hit, table: Table) -> Iterator[Said]:
    for gap in table.gaps[:GAPS_TOLD]:
        finding = hit.finding(gap.at, gap.size, PECertificateData(gap.inside))
        yield RangeDigest(finding, ((finding.offset, finding.size),), ("entropy", "sha256"), then=_measured)
    if len(table.gaps) > GAPS_TOLD:
        proof = f"{len(table.gaps)} stretches of data in the certificate table, of which {GAPS_TOLD} are told"
        last = table.gaps[GAPS_TOLD]
        yield hit.finding(last.at, last.size, Anomaly("certificate_data_not_told", proof, attack=_HIDDEN))


def _measured(finding: Finding) -> Iterable[Finding]:
    """The data, and what is to be thought of it; a filling of one byte hides nothing."""
    body, start = finding.body, finding.offset
    assert isinstance(body, PECertificateData)
    place = f"{finding.size} bytes at {start:#x} to {start + finding.size:#x} {_INSIDE[body.inside]}"
    proof = f"{place}, entropy {body.entropy}: no signature covers them"
    yield finding
    yield replace(finding, body=Anomaly("certificate_table_data", proof, attack=_HIDDEN if body.entropy else ()))


def _signed_ranges(layout: Layout, part: Part, end: int) -> list[tuple[int, int]]:
    """(start, end) of what the digest is made over: all but three holes."""
    headers = layout.headers
    checksum = headers.optional_at + _CHECKSUM_AT
    directory = headers.directories_at + names.SECURITY * _DIRECTORY_SIZE
    holes = ((checksum, checksum + _CHECKSUM_SIZE), (directory, directory + _DIRECTORY_SIZE), (part.at, part.end))
    ranges, at = [], 0
    for start, stop in sorted(holes):
        if at < min(start, end):
            ranges.append((at, min(start, end)))
        at = max(at, stop)
    if at < end:
        ranges.append((at, end))
    return ranges
