"""X.509 certificates, the chains they make, and who signed whom among them.

RFC 5280. Of the extensions basic constraints, key usage, key identifier and extended key usage are read. No trust store
is asked, nothing is revoked, and names are compared byte by byte.
"""

import hashlib
from dataclasses import dataclass
from typing import NamedTuple

from rorqual.analyzers.formats.der import (
    BIT_STRING,
    BOOLEAN,
    INTEGER,
    OCTET_STRING,
    SEQUENCE,
    Value,
    context,
)
from rorqual.analyzers.formats.x509 import oids
from rorqual.analyzers.formats.x509.verification import Key, Scheme, read_key, read_scheme, verify
from rorqual.sdk import Malformed

CERTIFICATES_MAX = 64  # of one signature; real ones have two to ten
CHAIN_MAX = 16  # certificates; longer chains exist in attacks alone
_NAME_MAX = 4096  # characters of a name that are told; real ones have about a hundred
_USAGES_MAX = 64  # purposes of a key that are told; real ones have one to five
_SERIAL_MAX = 64  # bytes of a serial number that are told; RFC 5280 allows 20
_KEY_CERT_SIGN = 0x04  # in the first byte of the key usage: bit 5, counted from the highest


@dataclass(frozen=True, slots=True, eq=False)
class Certificate:
    """A certificate as it stands in the source."""

    value: Value
    tbs: Value
    serial: bytes
    issuer: bytes  # the name as stored
    subject: bytes
    issuer_text: str
    subject_text: str
    not_before: str
    not_after: str
    key: Key
    scheme: Scheme
    signature: Value
    usages: tuple[str, ...]
    purposes: frozenset[str] | None  # all usages; None where the certificate does not restrict them
    authority: bool
    constrained: bool  # has basic constraints, whatever they say
    path_length: int | None  # authorities that may follow below it
    signs_certificates: bool | None  # None: it has no key usage
    key_identifier: bytes
    thumbprint: str  # SHA-256

    @property
    def names_itself(self) -> bool:
        """Whether subject and issuer are the same."""
        return self.subject == self.issuer

    @property
    def may_issue(self) -> bool:
        """Whether it is an authority; roots older than basic constraints are taken for one."""
        if self.signs_certificates is False:
            return False
        return self.authority or (self.names_itself and not self.constrained)

    def allows(self, usage: str) -> bool:
        """Whether the key may be used so."""
        return self.purposes is None or not self.purposes.isdisjoint((usage, "any"))


class Chain(NamedTuple):
    """From a signer's certificate upwards, as far as there are certificates."""

    certificates: tuple[Certificate, ...]
    complete: bool  # the last names itself as its issuer
    signatures_hold: bool | None  # None: one has an algorithm that is not supported

    @property
    def by_authorities(self) -> bool:
        """Whether all that issue may: RFC 5280, section 6.1.4 (k) to (n)."""
        below = 0  # authorities between, those that name themselves apart
        for one in self.certificates[1:]:
            if not one.may_issue or (one.path_length is not None and below > one.path_length):
                return False
            below += not one.names_itself
        return True

    def allows(self, usage: str) -> bool:
        """Whether the signer's key may be used so, and its authorities may issue for it; a root is not asked."""
        return all(
            one.allows(usage) for one in self.certificates if one is self.certificates[0] or not one.names_itself
        )


def read_certificate(value: Value) -> Certificate:
    """A certificate.

    Raises:
        Malformed: it is none.
    """
    tbs, algorithm, signature = value.parts(3)[:3]
    fields = tbs.parts(6)
    if fields[0].tag == context(0):
        fields = fields[1:]
    if len(fields) < 6:
        raise Malformed(tbs.offset, "a certificate's six fields")
    serial, _, issuer, validity, subject, info = fields[:6]
    start, end = validity.parts(2)[:2]
    usages: tuple[str, ...] = ()
    purposes: frozenset[str] | None = None
    path_length: int | None = None
    signs: bool | None = None
    authority, constrained, key_identifier = False, False, b""
    for field in fields[6:]:
        if field.tag != context(3):
            continue
        for extension in field.only().tagged(SEQUENCE).children():
            parts = extension.parts(2)
            oid, inner = parts[0].oid(), parts[-1].tagged(OCTET_STRING)
            if oid == oids.EXTENDED_KEY_USAGE:
                named = [purpose.oid() for purpose in inner.only().parts(0)]
                named = [oids.KEY_USAGES.get(purpose, purpose) for purpose in named]
                usages, purposes = tuple(named[:_USAGES_MAX]), frozenset(named)
            elif oid == oids.KEY_USAGE:
                bits = inner.only().tagged(BIT_STRING).content[1:2]  # behind the count of unused bits
                signs = any(byte & _KEY_CERT_SIGN for byte in bits)
            elif oid == oids.BASIC_CONSTRAINTS:
                constraints = inner.only().parts(0)
                authority = bool(constraints and constraints[0].tag == BOOLEAN and any(constraints[0].content))
                constrained = True
                path_length = next((one.number() for one in constraints if one.tag == INTEGER), None)
            elif oid == oids.SUBJECT_KEY_IDENTIFIER:
                key_identifier = inner.only().tagged(OCTET_STRING).content
    return Certificate(
        value=value,
        tbs=tbs,
        serial=serial.content,
        issuer=issuer.tagged(SEQUENCE).raw,
        subject=subject.tagged(SEQUENCE).raw,
        issuer_text=name_text(issuer),
        subject_text=name_text(subject),
        not_before=start.time(),
        not_after=end.time(),
        key=read_key(info),
        scheme=read_scheme(algorithm),
        signature=signature,
        usages=usages,
        purposes=purposes,
        authority=authority,
        constrained=constrained,
        path_length=path_length,
        signs_certificates=signs,
        key_identifier=key_identifier,
        thumbprint=hashlib.sha256(value.raw).hexdigest(),
    )


def serial_text(content: bytes) -> str:
    """A serial number in hex digits."""
    digits = content[:_SERIAL_MAX].removeprefix(b"\0").hex() or "00"
    return digits + "…" if len(content) > _SERIAL_MAX else digits


def name_text(name: Value) -> str:
    """A distinguished name as "C=NO, O=Some Company, CN=Somebody", in the order in which it is stored."""
    told, size = [], 0
    for relative in name.children():
        for part in relative.children():
            kind, text = part.parts(2)[:2]
            oid = kind.oid()
            escaped = text.text().replace(",", "\\,").replace("+", "\\+")
            told.append(f"{oids.NAME_PARTS.get(oid, oid)}={escaped}")
            size += len(told[-1])
            if size > _NAME_MAX:
                return ", ".join(told)[:_NAME_MAX] + "…"
    return ", ".join(told)


Held = dict[tuple[str, str], bool | None]  # by the thumbprints of a certificate and who may have signed it


class Pool:
    """The certificates at hand, and which of them signed which; `held` remembers that for other pools."""

    def __init__(self, certificates: list[Certificate], held: Held) -> None:
        self.certificates = certificates
        self._held = held

    def joined_by(self, certificates: list[Certificate]) -> "Pool":
        """These, with others before them."""
        return Pool([*certificates, *self.certificates], self._held)

    def signer(self, issuer: bytes, serial: bytes, key_identifier: bytes) -> Certificate | None:
        """The one that a signer names by issuer and serial number, or by the identifier of its key."""
        for one in self.certificates:
            if one.issuer == issuer and one.serial == serial:
                return one
            if key_identifier and one.key_identifier == key_identifier:
                return one
        return None

    def signed_by(self, certificate: Certificate) -> tuple[Certificate | None, bool | None]:
        """Its issuer among those at hand, and whether the signature holds.

        One whose key signed it comes first, before all if it is an authority.
        """
        best: tuple[Certificate | None, bool | None] = (None, None)
        for one in self.certificates:
            if one.subject != certificate.issuer:
                continue
            holds = self._holds(certificate, one)
            if holds and one.may_issue:
                return one, True
            if best[0] is None or (best[1] is not True and holds) or (best[1] is False and holds is None):
                best = one, holds
        return best

    def chain(self, leaf: Certificate) -> Chain:
        """From the leaf upwards."""
        links, holds, last = [leaf], True, leaf
        unknown = False
        while not last.names_itself and len(links) < CHAIN_MAX:
            issuer, signed = self.signed_by(last)
            if issuer is None or issuer in links:
                break
            holds &= signed is not False
            unknown |= signed is None
            links.append(issuer)
            last = issuer
        if last.names_itself:
            own = self._holds(last, last)
            holds &= own is not False
            unknown |= own is None and last is leaf  # nobody needs a root's own signature
        return Chain(tuple(links), last.names_itself, False if not holds else None if unknown else True)

    def _holds(self, certificate: Certificate, issuer: Certificate) -> bool | None:
        pair = certificate.thumbprint, issuer.thumbprint
        if pair not in self._held:
            self._held[pair] = verify(issuer.key, certificate.scheme, certificate.tbs, certificate.signature)
        return self._held[pair]
