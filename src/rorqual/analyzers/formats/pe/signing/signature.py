"""One SignedData of the certificate table: its signature with time stamps, its certificates, those nested in it."""

import hashlib
from collections.abc import Iterator
from typing import NamedTuple

from rorqual.analyzers.formats.der import Value
from rorqual.analyzers.formats.pe.signing.signature_bodies import PEAttribute, PEAuthenticode, PECertificate
from rorqual.analyzers.formats.pe.signing.signature_status import BROKEN, believed, concluded, signature_problems
from rorqual.analyzers.formats.pe.signing.signed_data import SignedData, check_signer, read_signed_data, read_signer
from rorqual.analyzers.formats.pe.signing.spc import read_content, read_program
from rorqual.analyzers.formats.pe.signing.timestamps import (
    TIMESTAMPS_MAX,
    Stamped,
    read_countersignature,
    read_token,
    signer_record,
    signing_time,
)
from rorqual.analyzers.formats.x509 import oids
from rorqual.analyzers.formats.x509.certificates import Certificate, Held, Pool, serial_text
from rorqual.sdk import Anomaly, Malformed

SIGNERS_MAX = 4  # of one SignedData; Authenticode has just one
_ATTRIBUTES_TOLD = 64
_FORGED = ("T1036.001",)  # Masquerading: Invalid Code Signature
_KNOWN = (oids.SPC_NESTED_SIGNATURE, oids.SPC_RFC3161, oids.COUNTER_SIGNATURE)

Told = tuple[Value, PEAuthenticode | PECertificate | Anomaly]


class Nested(NamedTuple):
    """A signature inside another, to be read like the first."""

    value: Value
    nesting: int


def read_signature(value: Value, held: Held, *, entry: int, nesting: int) -> Iterator[Told | Nested]:
    """All that one SignedData says, each with the value it stands in; `held` is remembered for the next.

    Raises:
        Malformed: it is none, or not of Authenticode; what was said before stands.
    """
    data = read_signed_data(value)
    pool = Pool(data.certificates, held)
    yield from _certificates(data, pool)
    content = read_content(data)
    assert data.content is not None  # or read_content had raised
    if len(data.signers) != 1:
        proof = f"{len(data.signers)} signers; there must be one, and at most {SIGNERS_MAX} are told"
        yield value, Anomaly("signature_signers_odd", proof)
    for one in data.signers[:SIGNERS_MAX]:
        signer = read_signer(one)
        checked = check_signer(signer, data.content.content, pool, data.content_type)
        stamps: list[Stamped] = []
        yield from _stamps(signer.unsigned, signer.signature.content, pool, stamps)
        opus = signer.signed.get(oids.SPC_SP_OPUS_INFO, [])
        name, link = read_program(opus[0]) if opus else (None, None)
        record = signer_record(signer, checked)
        bodies = tuple(stamp.body for stamp in stamps)
        others = [(oid, each) for oid, values in signer.unsigned.items() if oid not in _KNOWN for each in values]
        signature = PEAuthenticode(
            entry=entry,
            nesting=nesting,
            digest_algorithm=content.digest_algorithm,
            digest=content.digest.hex(),
            digest_matches=None,
            page_hashes=content.page_hashes,
            page_hash_count=content.page_hash_count,
            program_name=name,
            more_info_url=link,
            signing_time=signing_time(signer),
            signer=record,
            timestamps=bodies,
            certificate_count=data.certificates_present,
            unsigned_attributes=tuple(PEAttribute(oid, each.size) for oid, each in others[:_ATTRIBUTES_TOLD]),
            status="",
            problems=signature_problems(record, bodies, checked, content.digest_algorithm),
            time_known=any(believed(stamp) for stamp in bodies),
        )
        yield value, concluded(signature)
        broken = [problem for problem in signature.problems if problem in BROKEN]
        if broken:
            who = record.subject or record.issuer
            yield value, Anomaly("signature_broken", f"{', '.join(broken)}: signed by {who}", attack=_FORGED)
        for inner in signer.unsigned.get(oids.SPC_NESTED_SIGNATURE, []):
            yield Nested(inner, nesting + 1)


def _stamps(unsigned: dict[str, list[Value]], stamped: bytes, pool: Pool, found: list[Stamped]) -> Iterator[Told]:
    """Reads the time stamps into `found`, and tells what else is to be told of them."""
    tokens = unsigned.get(oids.SPC_RFC3161, [])
    legacy = unsigned.get(oids.COUNTER_SIGNATURE, [])
    for value in (*tokens, *legacy)[:TIMESTAMPS_MAX]:
        try:
            if value in tokens:
                found.extend(read_token(value, stamped, pool))
            else:
                found.append(read_countersignature(value, stamped, pool))
        except Malformed as malformed:
            yield value, Anomaly("timestamp_malformed", str(malformed))
    if len(tokens) + len(legacy) > TIMESTAMPS_MAX:
        proof = f"{len(tokens) + len(legacy)} time stamps, of which the first {TIMESTAMPS_MAX} are read"
        yield (*tokens, *legacy)[TIMESTAMPS_MAX], Anomaly("timestamps_not_told", proof)
    for token in {id(stamp.token): stamp.token for stamp in found}.values():
        if token is not None:
            yield from _certificates(token, pool.joined_by(token.certificates))


def _certificates(data: SignedData, pool: Pool) -> Iterator[Told]:
    for certificate in data.certificates:
        yield certificate.value, _certificate(certificate, pool)
    if data.malformed:
        proof = f"{len(data.malformed)} certificates that cannot be read, the first of them here"
        yield data.malformed[0], Anomaly("certificate_malformed", proof)
    read = len(data.certificates) + len(data.malformed)
    if read < data.certificates_present:
        proof = f"{data.certificates_present} certificates, of which {read} are read"
        yield data.value, Anomaly("certificates_not_told", proof)


def _certificate(certificate: Certificate, pool: Pool) -> PECertificate:
    issuer, valid = pool.signed_by(certificate)
    alone: bool | None = certificate.names_itself
    if alone and issuer is certificate:
        alone = valid
    return PECertificate(
        subject=certificate.subject_text,
        issuer=certificate.issuer_text,
        serial=serial_text(certificate.serial),
        not_before=certificate.not_before,
        not_after=certificate.not_after,
        sha1=hashlib.sha1(certificate.value.raw, usedforsecurity=False).hexdigest(),
        sha256=certificate.thumbprint,
        key_algorithm=certificate.key.algorithm if not certificate.key.curve else f"ec-{certificate.key.curve}",
        key_size=certificate.key.size,
        signature_algorithm=str(certificate.scheme),
        self_signed=alone,
        issuer_present=issuer is not None,
        signature_valid=valid,
        authority=certificate.authority,
        extended_key_usage=certificate.usages,
        code_signing="code_signing" in certificate.usages,
    )
