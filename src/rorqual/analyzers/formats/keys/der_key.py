"""Keys in DER: PKCS #8 private keys, open and encrypted, the older forms of RSA, EC and DSA, and public keys.

RFC 5208, 5958, 8017, 5915, 5480, 8410. RSA's numbers must fit each other. What belongs to a certificate or another
structure is no key of its own. No secret is told: the kind, the size, and what encrypts it.
"""

from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.der import BIT_STRING, INTEGER, OCTET_STRING, OID, SEQUENCE, Der, Value, context
from rorqual.analyzers.formats.keys import DER_KEY
from rorqual.analyzers.formats.keys.der_probe import check, enclosed, whole
from rorqual.analyzers.formats.x509 import oids
from rorqual.analyzers.formats.x509.verification import read_key
from rorqual.sdk import Anomaly, Closed, Extent, Hit, Malformed, Said, View, frozen

NUMBER_MOST = 4096  # bytes
ALGORITHMS = {
    "1.2.840.113549.1.1.1": "rsa", "1.2.840.113549.1.1.10": "rsa-pss", "1.2.840.10045.2.1": "ec",
    "1.2.840.10040.4.1": "dsa", "1.2.840.113549.1.3.1": "dh", "1.3.101.110": "x25519", "1.3.101.111": "x448",
    "1.3.101.112": "ed25519", "1.3.101.113": "ed448",
}  # fmt: skip
ENCRYPTIONS = {
    "1.2.840.113549.1.5.13": "pbes2", "1.2.840.113549.1.12.1.3": "pbe-sha1-3des", "1.2.840.113549.1.5.3": "pbe-md5-des",
    "1.2.840.113549.1.12.1.6": "pbe-sha1-rc2-40", "1.2.840.113549.1.5.10": "pbe-sha1-des",
    "1.2.840.113549.1.12.1.1": "pbe-sha1-rc4",
}  # fmt: skip
EDWARDS = {"ed25519": 256, "x25519": 256, "ed448": 456, "x448": 448}


@frozen
class DERKey:
    """A key. The finding spans it."""

    tag: ClassVar[str] = "der_key"
    form: str  # "pkcs8", "pkcs8_encrypted", "pkcs1", "sec1", "dsa", "public", "pkcs1_public"
    private: bool
    algorithm: str  # of an encrypted one: what encrypts it
    size: int  # bits, 0 where not known
    curve: str | None
    consistent: bool | None  # of RSA's private numbers


class DERKeyProbe:
    """Finds keys anywhere."""

    name = "derkey"
    version = 1
    wakes_on = DER_KEY

    def score(self, view: View, /) -> int:
        """The anchors are proof enough for a look."""
        return 1

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        value = whole(hit.view)
        check(value)
        body = _read(value)
        if enclosed(hit.view, value.size):
            raise Malformed(hit.offset, "a key that is no part of another structure")
        yield hit.finding(0, value.size, body)
        proof = "all values parse" + (", the numbers fit each other" if body.consistent else "")
        yield Extent(0, value.size, "derkey", proof)
        if body.consistent is False:
            yield hit.finding(0, value.size, Anomaly("rsa_key_inconsistent", "the modulus is not the primes' product"))
        if body.form == "pkcs8_encrypted":
            yield Closed(0, value.size, "encrypted private key")


def _read(value: Value) -> DERKey:
    parts = value.parts(2)
    tags = [part.tag for part in parts]
    if tags[:3] == [INTEGER, SEQUENCE, OCTET_STRING] and parts[0].number() <= 1:
        return _pkcs8(parts)
    if tags == [SEQUENCE, OCTET_STRING]:
        oid = parts[0].parts(1)[0].oid()
        if oid not in ENCRYPTIONS:
            raise Malformed(value.offset, "a way of encrypting keys")
        return DERKey("pkcs8_encrypted", True, ENCRYPTIONS[oid], 0, None, None)
    if tags == [SEQUENCE, BIT_STRING]:
        return _public(value, parts[0])
    if len(tags) >= 9 and tags[:9] == [INTEGER] * 9 and parts[0].number() <= 1:
        return _rsa("pkcs1", parts)
    if tags == [INTEGER] * 6 and parts[0].number() == 0:
        p, q, g = (part.number(NUMBER_MOST) for part in parts[1:4])
        if not q or (p - 1) % q or not 1 < g < p:
            raise Malformed(value.offset, "numbers of DSA")
        return DERKey("dsa", True, "dsa", p.bit_length(), None, None)
    if tags == [INTEGER, INTEGER]:
        n, e = (part.number(NUMBER_MOST) for part in parts)
        if n.bit_length() < 512 or not n & 1 or not e & 1 or e < 3 or e.bit_length() > 64:
            raise Malformed(value.offset, "a modulus and an exponent")
        return DERKey("pkcs1_public", False, "rsa", n.bit_length(), None, None)
    if tags[:2] == [INTEGER, OCTET_STRING] and parts[0].number() == 1:
        return _sec1(parts, None)
    raise Malformed(value.offset, "a key")


def _pkcs8(parts: list[Value]) -> DERKey:
    names = parts[1].parts(1)
    oid = names[0].oid()
    algorithm = ALGORITHMS.get(oid, oid)
    content = parts[2].content
    inner = Der(content, parts[2].offset + parts[2].size - len(content), parts[2].der.step)
    if algorithm in ("rsa", "rsa-pss"):
        found = _rsa("pkcs8", inner.value().parts(9))
        return DERKey("pkcs8", True, algorithm, found.size, None, found.consistent)
    if algorithm == "ec":
        curve = names[1] if len(names) > 1 and names[1].tag == OID else None
        found = _sec1(inner.value().parts(2), curve)
        return DERKey("pkcs8", True, "ec", found.size, found.curve, None)
    if algorithm in EDWARDS:
        inner.value().tagged(OCTET_STRING)
        return DERKey("pkcs8", True, algorithm, EDWARDS[algorithm], None, None)
    if algorithm in ("dsa", "dh"):
        inner.value().tagged(INTEGER)
        size = names[1].parts(2)[0].number(NUMBER_MOST).bit_length() if len(names) > 1 else 0
        return DERKey("pkcs8", True, algorithm, size, None, None)
    return DERKey("pkcs8", True, algorithm, 0, None, None)


def _rsa(form: str, parts: list[Value]) -> DERKey:
    n, e, d, p, q = (part.number(NUMBER_MOST) for part in parts[1:6])
    if n.bit_length() < 256 or e < 3 or not d:
        raise Malformed(parts[0].offset, "numbers of RSA")
    parts[0].der.step(2 + n.bit_length() // 64)
    return DERKey(form, True, "rsa", n.bit_length(), None, p * q == n if parts[0].number() == 0 else None)


def _sec1(parts: list[Value], curve: Value | None) -> DERKey:
    secret = parts[1].tagged(OCTET_STRING)
    for part in parts[2:]:
        if part.tag == context(0) and part.only().tag == OID:
            curve = part.only()
    oid = curve.oid() if curve is not None else None
    size = secret.end - secret.start
    if not 14 <= size <= 80:
        raise Malformed(secret.offset, "a private key of a curve")
    name = oids.CURVES.get(oid, oid) if oid is not None else None
    bits = {"P-256": 256, "P-384": 384, "P-521": 521}.get(name or "", 8 * size)
    return DERKey("sec1", True, "ec", bits, name, None)


def _public(value: Value, algorithm: Value) -> DERKey:
    oid = algorithm.parts(1)[0].oid()
    if oid not in ALGORITHMS:
        raise Malformed(value.offset, "an algorithm of keys")
    key, name = read_key(value), ALGORITHMS[oid]
    return DERKey("public", False, name, key.size or EDWARDS.get(name, 0), key.curve, None)
