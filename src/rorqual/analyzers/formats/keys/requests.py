"""Requests for certificates and lists of revoked ones, in DER.

RFC 2986 and RFC 5280, section 5. A request's signature, which its own key made, is checked where that is RSA; a list's
is not, for its issuer is elsewhere.
"""

from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.der import BIT_STRING, GENERALIZED_TIME, INTEGER, SEQUENCE, UTC_TIME, context
from rorqual.analyzers.formats.keys import CRL, CSR
from rorqual.analyzers.formats.keys.der_probe import check, whole
from rorqual.analyzers.formats.x509.certificates import name_text
from rorqual.analyzers.formats.x509.verification import read_key, read_scheme, verify
from rorqual.sdk import Anomaly, Extent, Hit, Malformed, Said, View, frozen

REVOKED_MOST = 1 << 16  # that are counted


@frozen
class CertificateRequest:
    """A request. The finding spans it."""

    tag: ClassVar[str] = "certificate_request"
    subject: str
    key: str
    key_size: int  # bits
    signature_algorithm: str
    signature_holds: bool | None


@frozen
class RevocationList:
    """A list of revoked certificates. The finding spans it."""

    tag: ClassVar[str] = "revocation_list"
    issuer: str
    updated: str
    next_update: str | None
    revoked: int
    signature_algorithm: str


class CSRProbe:
    """Finds requests anywhere."""

    name = "csr"
    version = 1
    wakes_on = CSR

    def score(self, view: View, /) -> int:
        """The anchors are proof enough for a look."""
        return 1

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        value = whole(hit.view)
        check(value)
        info, algorithm, signature = value.parts(3)[:3]
        version, subject, key_info = info.parts(3)[:3]
        signature.tagged(BIT_STRING)
        if version.number():
            raise Malformed(version.offset, "version 0")
        name, key, scheme = name_text(subject.tagged(SEQUENCE)), read_key(key_info), read_scheme(algorithm)
        holds = verify(key, scheme, info, signature) if key.modulus else None
        body = CertificateRequest(name, key.algorithm, key.size, str(scheme), holds)
        yield hit.finding(0, value.size, body)
        yield Extent(0, value.size, "csr", "all values parse" + (", its signature holds" if holds else ""))
        if holds is False:
            yield hit.finding(signature.at, signature.size, Anomaly("request_signature_wrong", str(scheme)))


class CRLProbe:
    """Finds lists of revoked certificates anywhere."""

    name = "crl"
    version = 1
    wakes_on = CRL

    def score(self, view: View, /) -> int:
        """The anchors are proof enough for a look."""
        return 1

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        value = whole(hit.view)
        tbs, algorithm, signature = value.parts(3)[:3]
        signature.tagged(BIT_STRING)
        fields = tbs.parts(3)
        if fields[0].tag == INTEGER:
            fields = fields[1:]
        if len(fields) < 3:
            raise Malformed(tbs.offset, "an issuer and a time")
        issuer, times = fields[1].tagged(SEQUENCE), [one for one in fields if one.tag in (UTC_TIME, GENERALIZED_TIME)]
        if not 1 <= len(times) <= 2 or fields[2].tag not in (UTC_TIME, GENERALIZED_TIME):
            raise Malformed(fields[2].offset, "a time")
        scheme, revoked = read_scheme(algorithm), 0
        for one in fields[3:]:
            if one.tag == SEQUENCE:
                at = one.start
                while at < one.end and revoked < REVOKED_MOST:
                    at = one.der.value(at, one.end).tagged(SEQUENCE).end
                    revoked += 1
            elif one.tag not in (UTC_TIME, GENERALIZED_TIME, context(0)):
                raise Malformed(one.offset, "revoked certificates or extensions")
        later = times[1].time() if len(times) > 1 else None
        yield hit.finding(
            0, value.size, RevocationList(name_text(issuer), times[0].time(), later, revoked, str(scheme))
        )
        yield Extent(0, value.size, "crl", "all values parse")
