"""X.509 certificates in DER: what is signed, how, and the signature.

RFC 5280. All values are walked; names, validity, key and the usual extensions are told, fingerprints made. A root's own
signature is checked where its key is RSA. No trust store and no clock is asked.
"""

import hashlib
from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.der import BIT_STRING, SEQUENCE, Value, context, primitive
from rorqual.analyzers.formats.keys import CERTIFICATE
from rorqual.analyzers.formats.keys.der_probe import check, size_at, whole
from rorqual.analyzers.formats.reader import told
from rorqual.analyzers.formats.x509.certificates import Certificate, read_certificate, serial_text
from rorqual.analyzers.formats.x509.verification import verify
from rorqual.sdk import Anomaly, Extent, Hit, Malformed, Room, Said, View, frozen

ALTERNATIVE_NAMES, COMMENT = "2.5.29.17", "2.16.840.1.113730.1.13"
KNOWN = ("2.5.29.", "1.3.6.1.5.5.7.1.", "1.3.6.1.4.1.11129.2.4.", "1.3.6.1.4.1.311.", "2.16.840.1.113730.1.")
NAMES_TOLD = 64
ROOMS_MOST = 16
TEXT_MOST = 256


@frozen
class X509Certificate:
    """A certificate. The finding spans it."""

    tag: ClassVar[str] = "x509_certificate"
    subject: str
    issuer: str
    serial: str
    not_before: str
    not_after: str
    names: tuple[str, ...]  # alternative ones of the subject, the first 64
    key: str  # "rsa", "ec"
    key_size: int  # bits, 0 where not known
    curve: str | None
    signature_algorithm: str
    authority: bool
    usages: tuple[str, ...]
    names_itself: bool
    own_signature_holds: bool | None  # of one that names itself; None: not checked
    sha1: str
    sha256: str


class CertificateProbe:
    """Finds certificates anywhere."""

    name = "der"
    version = 1
    wakes_on = CERTIFICATE

    def score(self, view: View, /) -> int:
        """What is signed fits into the whole, with room for a signature."""
        head = view.read(0, 4)
        at = 2 if len(head) < 4 or head[1] < 0x80 else 2 + (head[1] & 0x7F)
        try:
            return int(at + size_at(view, at) + 10 < size_at(view))
        except Malformed:
            return 0

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        value = whole(view)
        check(value)
        parts = value.parts(3)
        if len(parts) != 3 or parts[2].tag != BIT_STRING or parts[1].tag != SEQUENCE:
            raise Malformed(hit.offset, "three parts")
        one = read_certificate(value)
        holds = verify(one.key, one.scheme, one.tbs, one.signature) if one.names_itself and one.key.modulus else None
        extensions = list(_extensions(one))
        yield hit.finding(
            0,
            value.size,
            X509Certificate(
                subject=one.subject_text,
                issuer=one.issuer_text,
                serial=serial_text(one.serial),
                not_before=one.not_before,
                not_after=one.not_after,
                names=tuple(_names(extensions)),
                key=one.key.algorithm,
                key_size=one.key.size,
                curve=one.key.curve,
                signature_algorithm=str(one.scheme),
                authority=one.authority,
                usages=one.usages,
                names_itself=one.names_itself,
                own_signature_holds=holds,
                sha1=hashlib.sha1(value.raw, usedforsecurity=False).hexdigest(),
                sha256=one.thumbprint,
            ),
        )
        yield Extent(0, value.size, "der", "all values parse" + (", its own signature holds" if holds else ""), "start")
        inner = one.tbs.parts(6)
        outer_scheme, inner_scheme = parts[1].raw, inner[2 if inner[0].tag == context(0) else 1].raw
        if outer_scheme != inner_scheme:
            yield hit.finding(parts[1].at, parts[1].size, Anomaly("certificate_algorithms_differ", outer_scheme.hex()))
        rooms = 0
        for oid, content in extensions:
            known = oid.startswith(KNOWN) and oid != COMMENT
            if not known and rooms < ROOMS_MOST and told(view, content.start, content.end - content.start):
                use = "comment" if oid == COMMENT else "private"
                yield hit.finding(content.start, content.end - content.start, Room("der", use))
                rooms += 1


def _extensions(one: Certificate) -> Iterator[tuple[str, Value]]:
    for field in one.tbs.parts(6)[6:]:
        if field.tag == context(3):
            for extension in field.only().tagged(SEQUENCE).children():
                parts = extension.parts(2)
                yield parts[0].oid(), parts[-1]


def _names(extensions: list[tuple[str, Value]]) -> Iterator[str]:
    count = 0
    for oid, content in extensions:
        if oid == ALTERNATIVE_NAMES:
            for name in content.only().tagged(SEQUENCE).children():
                if name.tag in (primitive(1), primitive(2), primitive(6)) and count < NAMES_TOLD:
                    count += 1
                    yield name.text()[:TEXT_MOST]
