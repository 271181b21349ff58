"""CMS SignedData, as Authenticode and its time stamps use it: content, certificates, signers and their attributes.

RFC 5652 and PKCS #7 before it; attributes count as stored, in whatever order. Revocation lists and attribute
certificates are passed over.
"""

from collections.abc import Iterator
from typing import NamedTuple

from rorqual.analyzers.formats.der import OCTET_STRING, SEQUENCE, SET, Value, context, primitive
from rorqual.analyzers.formats.x509 import oids
from rorqual.analyzers.formats.x509.certificates import CERTIFICATES_MAX, Certificate, Chain, Pool, read_certificate
from rorqual.analyzers.formats.x509.verification import Scheme, digest_of, read_scheme, verify
from rorqual.sdk import Malformed, frozen


@frozen
class Signer:
    """A SignerInfo."""

    value: Value
    issuer: Value | None  # None: it names its key instead
    serial: bytes
    key_identifier: bytes
    digest: str
    scheme: Scheme
    signature: Value
    signed_raw: bytes  # what the signature is over; empty: the content itself
    signed: dict[str, list[Value]]  # by the attribute's identifier
    unsigned: dict[str, list[Value]]


@frozen
class SignedData:
    """`content` are the bytes that signers digest: those of a value without its tag and length."""

    value: Value
    content_type: str
    content: Value | None
    certificates: list[Certificate]
    certificates_present: int
    malformed: list[Value]  # what stands for a certificate and is none
    signers: list[Value]


class Checked(NamedTuple):
    """What of a signer holds; None where that could not be checked."""

    certificate: Certificate | None
    digest_matches: bool | None
    signature_holds: bool | None
    chain: Chain | None
    problems: tuple[str, ...] = ()  # of what lies outside of the signature and has to agree with what lies inside


def read_signed_data(value: Value) -> SignedData:
    """A ContentInfo that holds SignedData.

    Raises:
        Malformed: it is none.
    """
    kind, wrapped = value.parts(2)[:2]
    if kind.oid() != oids.SIGNED_DATA:
        raise Malformed(kind.offset, "SignedData")
    fields = wrapped.tagged(context(0)).only().parts(4)
    encapsulated = fields[2].parts(1)
    content = encapsulated[1].tagged(context(0)).only() if len(encapsulated) > 1 else None
    certificates: list[Certificate] = []
    malformed: list[Value] = []
    present = 0
    for field in fields[3:-1]:
        if field.tag != context(0):
            continue
        stored = [one for one in field.children() if one.tag == SEQUENCE]  # others are attribute certificates
        present += len(stored)
        for one in stored[: CERTIFICATES_MAX - len(certificates)]:
            try:
                certificates.append(read_certificate(one))
            except Malformed:
                malformed.append(one)
    signers = fields[-1].tagged(SET).children()
    return SignedData(value, encapsulated[0].oid(), content, certificates, present, malformed, signers)


def read_signer(value: Value) -> Signer:
    """A SignerInfo.

    Raises:
        Malformed: it is none.
    """
    fields = value.parts(5)
    named, digest_algorithm, rest = fields[1], fields[2], fields[3:]
    issuer, serial, key_identifier = None, b"", b""
    if named.tag == SEQUENCE:
        issuer, number = named.parts(2)[:2]
        serial = number.content
    else:
        key_identifier = named.tagged(primitive(0)).content
    digest = oids.digest_name(digest_algorithm.parts(1)[0].oid())
    signed_raw, signed = b"", {}
    if rest[0].tag == context(0):
        signed_raw, signed = b"\x31" + rest[0].raw[1:], _attributes(rest[0])  # RFC 5652, section 5.4
        rest = rest[1:]
    if len(rest) < 2:
        raise Malformed(value.offset, "a signer's algorithm and signature")
    unsigned = _attributes(rest[2]) if len(rest) > 2 and rest[2].tag == context(1) else {}
    scheme = read_scheme(rest[0], digest)
    signature = rest[1].tagged(OCTET_STRING)
    return Signer(value, issuer, serial, key_identifier, digest, scheme, signature, signed_raw, signed, unsigned)


def check_signer(signer: Signer, content: bytes | None, pool: Pool, content_type: str = "") -> Checked:
    """Verifies the signer's digest of the content, its signature and the chain of its certificate."""
    issuer = b"" if signer.issuer is None else signer.issuer.raw
    certificate = pool.signer(issuer, signer.serial, signer.key_identifier)
    matches: bool | None = None
    message = signer.signed_raw
    if not message:
        message = content or b""
    elif content is not None:
        digest = digest_of(signer.digest, content)
        told = signer.signed.get(oids.MESSAGE_DIGEST, [])
        if digest is not None:
            matches = len(told) == 1 and told[0].tag == OCTET_STRING and told[0].content == digest
    problems = tuple(_disagreements(signer, content_type, compared=matches is not None))
    if certificate is None:
        return Checked(None, matches, None, None, problems)
    holds = verify(certificate.key, signer.scheme, message, signer.signature) if message else None
    return Checked(certificate, matches, holds, pool.chain(certificate), problems)


def _disagreements(signer: Signer, content_type: str, *, compared: bool) -> Iterator[str]:
    """What somebody changed, or might have: the algorithms of a signer and its content's type are not signed.

    RFC 5652, sections 5.3 and 5.4. Content that is plain data needs no type: countersignatures have none.
    """
    if signer.signed_raw and not compared:
        yield "digest_algorithm_unsupported"
    if signer.scheme.digest not in (None, signer.digest):
        yield "digest_algorithms_differ"
    types = [one.oid() for one in signer.signed.get(oids.CONTENT_TYPE, [])]
    if types != [content_type] and (types or content_type != oids.DATA):
        yield "content_type_mismatch"


def _attributes(values: Value) -> dict[str, list[Value]]:
    """Attributes by identifier; those of one identifier together."""
    found: dict[str, list[Value]] = {}
    for attribute in values.children():
        kind, inner = attribute.parts(2)[:2]
        found.setdefault(kind.oid(), []).extend(inner.tagged(SET).children())
    return found
