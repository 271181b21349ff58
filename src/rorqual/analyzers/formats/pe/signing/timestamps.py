"""Time stamps of a signature: tokens of RFC 3161, and the countersignatures of PKCS #9 that came before them.

Both sign a digest of the signer's signature and stand outside of what that signs. https://www.rfc-editor.org/rfc/rfc3161,
RFC 5652 section 11.4. Accuracy, nonces and the policies of authorities are not told.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from rorqual.analyzers.formats.der import GENERALIZED_TIME, OCTET_STRING, UTC_TIME, Value
from rorqual.analyzers.formats.pe.signing.signature_bodies import PESigner, PETimestamp
from rorqual.analyzers.formats.pe.signing.signature_status import status_of, timestamp_problems
from rorqual.analyzers.formats.pe.signing.signed_data import (
    Checked,
    SignedData,
    Signer,
    check_signer,
    read_signed_data,
    read_signer,
)
from rorqual.analyzers.formats.x509 import oids
from rorqual.analyzers.formats.x509.certificates import Pool, name_text, serial_text
from rorqual.analyzers.formats.x509.verification import digest_of
from rorqual.sdk import Malformed

TIMESTAMPS_MAX = 8  # of one signature; real ones have one


class Stamped(NamedTuple):
    """A time stamp, and the data it came in, where it has its own."""

    body: PETimestamp
    token: SignedData | None


def signer_record(signer: Signer, checked: Checked) -> PESigner:
    """Who signed, for a report."""
    certificate, chain = checked.certificate, checked.chain
    alone = None
    if certificate is not None and chain is not None:
        alone = certificate.names_itself and chain.signatures_hold is not False
    issuer = "" if signer.issuer is None else name_text(signer.issuer)
    links = chain.certificates if chain else ()
    return PESigner(
        subject=None if certificate is None else certificate.subject_text,
        issuer=issuer if certificate is None else certificate.issuer_text,
        serial=serial_text(signer.serial if certificate is None else certificate.serial),
        digest_algorithm=signer.digest,
        signature_algorithm=str(signer.scheme),
        message_digest_matches=checked.digest_matches,
        signature_valid=checked.signature_holds,
        self_signed=alone,
        expiry=None if certificate is None else certificate.not_after,
        chain=tuple(one.thumbprint for one in links),
        chain_subjects=tuple(one.subject_text for one in links),
        chain_complete=chain.complete if chain else None,
        chain_valid=chain.signatures_hold if chain else None,
    )


def signing_time(signer: Signer) -> str | None:
    """What the signer claims.

    Raises:
        Malformed: it is no time.
    """
    told = signer.signed.get(oids.SIGNING_TIME, [])
    return told[0].time() if told and told[0].tag in (UTC_TIME, GENERALIZED_TIME) else None


def read_token(value: Value, stamped: bytes, others: Pool) -> Iterator[Stamped]:
    """The time stamps of an RFC 3161 token.

    Raises:
        Malformed: it is none.
    """
    token = read_signed_data(value)
    if token.content_type != oids.TST_INFO or token.content is None:
        raise Malformed(value.offset, f"TSTInfo, found {token.content_type}")
    content = token.content.tagged(OCTET_STRING)
    info = content.only().parts(5)
    algorithm, imprint = info[2].parts(2)[:2]
    name = oids.digest_name(algorithm.parts(1)[0].oid())
    digest = digest_of(name, stamped)
    matches = None if digest is None else imprint.tagged(OCTET_STRING).content == digest
    time = info[4].time()
    for one in token.signers[:1]:  # RFC 3161, section 2.4.2: it has just one
        signer = read_signer(one)
        checked = check_signer(signer, content.content, others.joined_by(token.certificates), token.content_type)
        record = signer_record(signer, checked)
        body = PETimestamp(value.offset, value.size, "rfc3161", time, name, matches, record, "", ())
        yield Stamped(_judged(body, checked), token)


def read_countersignature(value: Value, stamped: bytes, pool: Pool) -> Stamped:
    """A countersignature of PKCS #9.

    Raises:
        Malformed: it is none.
    """
    signer = read_signer(value)
    checked = check_signer(signer, stamped, pool, oids.DATA)
    record, time = signer_record(signer, checked), signing_time(signer)
    matches = checked.digest_matches
    body = PETimestamp(value.offset, value.size, "pkcs9", time, signer.digest, matches, record, "", ())
    return Stamped(_judged(body, checked), None)


def _judged(body: PETimestamp, checked: Checked) -> PETimestamp:
    problems = timestamp_problems(body, checked)
    return replace(body, status=status_of(problems), problems=problems)
