"""All signatures of an image, each held against the digest of the file that it was made over."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from rorqual.analyzers.formats.der import Der, Value
from rorqual.analyzers.formats.pe.layout import Part
from rorqual.analyzers.formats.pe.signing.certificates import DER_MAX, Table
from rorqual.analyzers.formats.pe.signing.signature import Nested, Told, read_signature
from rorqual.analyzers.formats.pe.signing.signature_bodies import PEAuthenticode, PECertificate
from rorqual.analyzers.formats.pe.signing.signature_status import COMPARABLE, concluded
from rorqual.analyzers.formats.x509.certificates import Held
from rorqual.sdk import Anomaly, Finding, Hit, Malformed, RangeDigest, Said

SIGNATURES_MAX = 8  # of one image: each may cost a digest over the file; real ones have one or two
_FORGED = ("T1036.001",)  # Masquerading: Invalid Code Signature


def signatures(
    hit: Hit, part: Part, table: Table, ranges: tuple[tuple[int, int], ...], misplaced: tuple[str, ...]
) -> Iterator[Said]:
    """Signatures of all entries, those inside others behind the rest; `ranges` of the source are what is signed.

    `misplaced` are problems that all of them have, by the table's place.
    """
    waiting: list[tuple[int, Nested]] = []
    left = DER_MAX
    for index, entry in enumerate(table.entries):
        if not entry.holds_signed_data or entry.content_end > part.end:
            continue
        if entry.der > left:
            proof = f"certificate at {entry.at:#x}: a structure of {entry.der} bytes, {left} more are read of an image"
            yield hit.finding(entry.at, entry.length, Anomaly("certificate_not_read", proof))
            continue
        left -= entry.der
        der = Der(hit.view.exact(entry.content_at, entry.der), hit.offset + entry.content_at, hit.view.step)
        waiting.append((index, Nested(der.value(), 0)))
    told: set[str] = set()
    held: Held = {}
    for number, (index, nested) in enumerate(waiting):  # grows as it goes
        if number == SIGNATURES_MAX:
            proof = f"{len(waiting)} or more signatures, of which {SIGNATURES_MAX} are read"
            yield _at(hit, nested.value, Anomaly("signatures_not_told", proof))
            return
        for said in _said(index, nested, held):
            match said:
                case Nested():
                    waiting.append((index, said))
                case value, PEAuthenticode() as body:
                    finding = _at(hit, value, concluded(replace(body, problems=(*body.problems, *misplaced))))
                    if body.digest_algorithm in COMPARABLE:
                        yield RangeDigest(finding, ranges, (body.digest_algorithm,), then=_compared)
                    else:
                        yield finding
                case _, PECertificate() as body if body.sha256 in told:
                    pass
                case value, body:
                    if isinstance(body, PECertificate):
                        told.add(body.sha256)
                    yield _at(hit, value, body)


def _said(index: int, nested: Nested, held: Held) -> Iterator[Told | Nested]:
    try:
        yield from read_signature(nested.value, held, entry=index, nesting=nested.nesting)
    except Malformed as malformed:
        yield nested.value, Anomaly("signature_malformed", str(malformed))


def _at(hit: Hit, value: Value, body: PEAuthenticode | PECertificate | Anomaly) -> Finding:
    return hit.finding(value.offset - hit.offset, value.size, body)


def _compared(finding: Finding) -> Iterable[Finding]:
    """The signature with the digest of the file held against the one that was signed."""
    body = finding.body
    assert isinstance(body, PEAuthenticode)
    body = concluded(body)
    yield replace(finding, body=body)
    if body.digest_matches is False:
        actual = getattr(body, body.digest_algorithm)
        proof = f"{body.digest_algorithm} signed {body.digest}, of the file {actual}: changed since it was signed"
        yield replace(finding, body=Anomaly("signature_digest_mismatch", proof, attack=_FORGED))
