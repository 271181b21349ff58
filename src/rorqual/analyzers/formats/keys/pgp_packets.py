"""OpenPGP's packets: a tag, a length in one of several forms, and so many bytes.

RFC 9580, sections 4 and 5. Packets of one kind of message follow each other in an order; where the next cannot follow,
the message has ended.
"""

import hashlib
from typing import NamedTuple

from rorqual.sdk import Malformed, View

PACKETS_MOST = 1 << 16
PARTS_MOST = 1 << 18
BODY_MOST = 64 << 10  # bytes of keys and the like
SESSION, SIGNATURE, SYMMETRIC, ONE_PASS, SECRET, PUBLIC, SECRET_SUB = 1, 2, 3, 4, 5, 6, 7
COMPRESSED, ENCRYPTED, MARKER, LITERAL, TRUST, USER, PUBLIC_SUB, ATTRIBUTE, SEALED, MDC, AEAD, PADDING = (
    8, 9, 10, 11, 12, 13, 14, 17, 18, 19, 20, 21
)  # fmt: skip
KEYS = {SECRET, PUBLIC, SECRET_SUB, PUBLIC_SUB}
DATA = {COMPRESSED, ENCRYPTED, LITERAL, SEALED, AEAD}
ALGORITHMS = {
    1: "rsa", 2: "rsa", 3: "rsa", 16: "elgamal", 17: "dsa", 18: "ecdh", 19: "ecdsa", 20: "elgamal", 22: "eddsa",
    25: "x25519", 26: "x448", 27: "ed25519", 28: "ed448",
}  # fmt: skip
NUMBERS = {1: 2, 2: 2, 3: 2, 16: 3, 17: 4, 20: 3}  # of a public key
FIXED = {25: 32, 26: 56, 27: 32, 28: 57}
CURVES = {
    "2a8648ce3d030107": "P-256", "2b81040022": "P-384", "2b81040023": "P-521", "2b06010401da470f01": "Ed25519",
    "2b060104019755010501": "Curve25519", "2b8104000a": "secp256k1", "2b2403030208010107": "brainpoolP256r1",
    "2b240303020801010b": "brainpoolP384r1", "2b240303020801010d": "brainpoolP512r1",
}  # fmt: skip
SIZES = {"P-256": 256, "P-384": 384, "P-521": 521, "Ed25519": 256, "Curve25519": 256, "secp256k1": 256}


class Packet(NamedTuple):
    """A packet; `at` is where its content begins."""

    tag: int
    start: int
    at: int
    end: int
    complete: bool  # False: nothing says where it ends, and that is where the source does


class Key(NamedTuple):
    """A key packet."""

    version: int
    created: int
    algorithm: str
    size: int  # bits
    curve: str | None
    fingerprint: str | None
    public_size: int  # bytes of the packet that are the public key


def packet(view: View, start: int) -> Packet | None:
    """The packet at `start`; None where none is, or not all of it."""
    head = view.read(start, 6)
    if not head or not head[0] & 0x80:
        return None
    if not head[0] & 0x40:
        tag, kind = head[0] >> 2 & 15, head[0] & 3
        if kind == 3:
            return Packet(tag, start, start + 1, start + 1, complete=False) if tag in DATA else None
        width = 1 << kind
        at, size = start + 1 + width, int.from_bytes(head[1 : 1 + width], "big")
    else:
        tag = head[0] & 0x3F
        found = length(head, 1)
        if found is None:
            return None
        width, size, partial = found
        at = start + 1 + width
        if partial:
            return _in_parts(view, tag, start, at, size)
    if tag == 0 or (size and not view.holds(at + size - 1)):
        return None
    return Packet(tag, start, at, at + size, complete=True)


def length(head: bytes, at: int) -> tuple[int, int, bool] | None:
    """(bytes of the length, length, whether it is that of a part)."""
    if len(head) <= at:
        return None
    first = head[at]
    if first < 192:
        return 1, first, False
    if first < 224:
        return (2, (first - 192 << 8) + head[at + 1] + 192, False) if len(head) > at + 1 else None
    if first < 255:
        return 1, 1 << (first & 0x1F), True
    return (5, int.from_bytes(head[at + 1 : at + 5], "big"), False) if len(head) >= at + 5 else None


def _in_parts(view: View, tag: int, start: int, at: int, size: int) -> Packet | None:
    if tag not in DATA:
        return None
    end = at
    for _ in range(PARTS_MOST):
        view.step()
        end += size
        found = length(view.read(end, 5), 0)
        if found is None:
            return None
        width, size, partial = found
        end += width
        if not partial:
            end += size
            return Packet(tag, start, at, end, complete=True) if view.holds(end - 1) else None
    return None


def key(data: bytes, offset: int) -> Key:
    """A key packet's content.

    Raises:
        Malformed: it is none.
    """
    version = data[0] if data else 0
    if version not in (2, 3, 4, 5, 6) or len(data) < 12:
        raise Malformed(offset, "a version of a key")
    created = int.from_bytes(data[1:5], "big")
    at = 7 if version < 4 else 5
    number = data[at]
    at += 5 if version >= 5 else 1
    if number not in ALGORITHMS or created > 0xF0000000:
        raise Malformed(offset, "an algorithm")
    curve, size = None, 0
    if number in NUMBERS:
        for index in range(NUMBERS[number]):
            bits = int.from_bytes(data[at : at + 2], "big")
            at += 2 + (bits + 7) // 8
            size = bits if index == 0 else size
        if not 256 <= size <= 32_768:
            raise Malformed(offset, "a size of a key")
    elif number in FIXED:
        at, size = at + FIXED[number], 8 * FIXED[number]
    else:
        width = data[at]
        oid = data[at + 1 : at + 1 + width].hex()
        curve = CURVES.get(oid, oid)
        size = SIZES.get(curve, 0)
        at += 1 + width
        at += 2 + (int.from_bytes(data[at : at + 2], "big") + 7) // 8
        if number == 18:
            at += 1 + data[at] if at < len(data) else 1
    if at > len(data):
        raise Malformed(offset, "the numbers of a key")
    return Key(version, created, ALGORITHMS[number], size, curve, _fingerprint(version, data[:at]), at)


def _fingerprint(version: int, public: bytes) -> str | None:
    if version == 4:
        lead = b"\x99" + len(public).to_bytes(2, "big")
        return hashlib.sha1(lead + public, usedforsecurity=False).hexdigest().upper()
    if version == 6:
        return hashlib.sha256(b"\x9b" + len(public).to_bytes(4, "big") + public).hexdigest().upper()
    return None
