"""Public keys, signature algorithms, and whether a signature holds: RSA (PKCS #1 v1.5 and PSS) and ECDSA.

RFC 8017, RFC 5480, RFC 4055. DSA, Edwards curves, other curves than NIST's and digests before MD5 are named and not
checked. Public keys alone are at work, so plain integers do.
"""

import hashlib
from typing import NamedTuple

from rorqual.analyzers.formats.der import INTEGER, OCTET_STRING, SEQUENCE, Der, Value, context
from rorqual.analyzers.formats.x509 import oids
from rorqual.analyzers.formats.x509.curves import CURVES, verifies
from rorqual.sdk import Malformed

MODULUS_MAX = 2048  # bytes: 16,384 bits, as far as others go
EXPONENT_MAX = 8  # bytes: what makes verification cost more is an attack
_ECDSA_STEPS = 30_000  # measured: 2 to 9 ms, against some 0.3 µs a step
_RSA_STEP = 8192  # bits squared that one step pays for, measured at 65537

_INFO = {  # DigestInfo up to the digest, RFC 8017 section 9.2; and as some write it, without NULL
    "md5": ("3020300c06082a864886f70d020505000410", "301e300a06082a864886f70d02050410"),
    "sha1": ("3021300906052b0e03021a05000414", "301f300706052b0e03021a0414"),
    "sha256": ("3031300d060960864801650304020105000420", "302f300b06096086480165030402010420"),
    "sha384": ("3041300d060960864801650304020205000430", "303f300b06096086480165030402020430"),
    "sha512": ("3051300d060960864801650304020305000440", "304f300b06096086480165030402030440"),
}


class Key(NamedTuple):
    """A public key; what its algorithm does not use is empty."""

    algorithm: str  # "rsa", "ec", or what else it is
    size: int  # bits; 0 where not known
    modulus: int = 0
    exponent: int = 0
    curve: str | None = None
    point: bytes = b""


class Scheme(NamedTuple):
    """How a signature is made: "rsa", "rsa-pss", "ecdsa" or what else, over which digest."""

    name: str
    digest: str | None
    salt: int = 0  # bytes, of PSS
    mask_digest: str | None = None

    def __str__(self) -> str:
        return f"{self.name}-{self.digest}" if self.digest else self.name


def digest_of(name: str | None, data: bytes) -> bytes | None:
    """The digest; None where it is not supported."""
    if name not in _INFO:
        return None
    return hashlib.new(name, data, usedforsecurity=False).digest()


def read_key(info: Value) -> Key:
    """SubjectPublicKeyInfo.

    Raises:
        Malformed: it is none.
    """
    algorithm, bits = info.parts(2)[:2]
    names = algorithm.parts(1)
    kind = names[0].oid()
    if kind in (oids.RSA, oids.RSA_PSS):
        data = bits.bits()
        modulus, exponent = Der(data, bits.offset + bits.size - len(data), info.der.step).value().parts(2)[:2]
        n, e = modulus.number(MODULUS_MAX), exponent.number(EXPONENT_MAX)
        return Key("rsa", n.bit_length(), modulus=n, exponent=e)
    if kind == oids.EC:
        oid = names[1].oid() if len(names) > 1 and names[1].tag != SEQUENCE else "explicit"
        curve = oids.CURVES.get(oid, oid)
        size = CURVES[curve].p.bit_length() if curve in CURVES else 0
        return Key("ec", size, curve=curve, point=bits.bits())
    return Key(oids.OTHER_SIGNATURES.get(kind, kind), 0)


def read_scheme(identifier: Value, digest: str | None = None) -> Scheme:
    """An AlgorithmIdentifier of signatures; `digest` is that of the signer, for those that name none.

    Raises:
        Malformed: it is none.
    """
    parts = identifier.parts(1)
    oid = parts[0].oid()
    if oid in oids.RSA_WITH:
        return Scheme("rsa", oids.RSA_WITH[oid] or digest)
    if oid in oids.ECDSA_WITH:
        return Scheme("ecdsa", oids.ECDSA_WITH[oid] or digest)
    if oid == oids.RSA_PSS:
        return _pss(parts[1].tagged(SEQUENCE).children() if len(parts) > 1 else [])
    return Scheme(oids.OTHER_SIGNATURES.get(oid, oid), None)


def verify(key: Key, scheme: Scheme, message: Value | bytes, signature: Value) -> bool | None:
    """Whether the signature is the key's over the message; None where the algorithm is not supported."""
    data = message.raw if isinstance(message, Value) else message
    digest = digest_of(scheme.digest, data)
    if digest is None or scheme.digest is None:
        return None
    value = signature.content if signature.tag == OCTET_STRING else signature.bits()
    step = signature.der.step
    if scheme.name == "ecdsa" and key.algorithm == "ec":
        if key.curve not in CURVES or not key.point.startswith(b"\4"):
            return None
        try:
            r, s = (part.number(MODULUS_MAX) for part in Der(value, signature.offset, step).value().parts(2)[:2])
        except Malformed:
            return False
        step(_ECDSA_STEPS)
        return verifies(CURVES[key.curve], key.point, digest, r, s)
    if scheme.name in ("rsa", "rsa-pss") and key.algorithm == "rsa":
        size = (key.size + 7) // 8
        number = int.from_bytes(value[: size + 1], "big")
        if len(value) > size or key.size < 512 or number >= key.modulus:
            return False
        step(key.size**2 * (1 + key.exponent.bit_length() // 17) // _RSA_STEP)
        block = pow(number, key.exponent, key.modulus).to_bytes(size, "big")
        if scheme.name == "rsa":
            # The time stamps of VeriSign's older authorities have the bare digest there, and Windows takes it.
            return any(block == _padded(info, digest, size) for info in (*_INFO[scheme.digest], ""))
        return _pss_holds(block, digest, scheme, key.size - 1)
    return None


def _padded(info: str, digest: bytes, size: int) -> bytes:
    """EMSA-PKCS1-v1_5, RFC 8017 section 9.2."""
    told = bytes.fromhex(info) + digest
    return b"\0\1" + b"\xff" * (size - len(told) - 3) + b"\0" + told


def _pss(fields: list[Value]) -> Scheme:
    """RSASSA-PSS-params, RFC 4055 section 3.1."""
    digest, mask, salt = "sha1", "sha1", 20
    for field in fields:
        if field.tag == context(0):
            digest = oids.digest_name(field.only().parts(1)[0].oid())
        elif field.tag == context(1):
            generator = field.only().parts(2)
            mask = oids.digest_name(generator[1].parts(1)[0].oid()) if generator[0].oid() == oids.MGF1 else "?"
        elif field.tag == context(2):
            salt = field.only().tagged(INTEGER).number(4)
    return Scheme("rsa-pss", digest, salt, mask)


def _pss_holds(block: bytes, digest: bytes, scheme: Scheme, bits: int) -> bool | None:
    """EMSA-PSS-VERIFY, RFC 8017 section 9.1.2; `bits` is that of the encoded message."""
    size, hash_size = (bits + 7) // 8, len(digest)
    if scheme.mask_digest not in _INFO:
        return None
    lead, block = block[: len(block) - size], block[len(block) - size :]
    room = size - hash_size - scheme.salt - 2
    if any(lead) or room < 0 or block[-1] != 0xBC:
        return False
    masked, told = block[: size - hash_size - 1], block[size - hash_size - 1 : -1]
    spare = 8 * size - bits
    if masked[0] >> (8 - spare):
        return False
    mask = b"".join(
        digest_of(scheme.mask_digest, told + number.to_bytes(4, "big")) or b""
        for number in range(len(masked) // 16 + 1)
    )
    plain = bytearray(a ^ b for a, b in zip(masked, mask, strict=False))
    plain[0] &= 0xFF >> spare
    if any(plain[:room]) or plain[room] != 1:
        return False
    return digest_of(scheme.digest, bytes(8) + digest + bytes(plain[room + 1 :])) == told
