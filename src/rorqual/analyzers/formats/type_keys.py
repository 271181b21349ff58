"""DER structures and binary key stores: certificates, requests, revocation lists, keys, PKCS #7 and #12,
OpenPGP.

Specifications: X.690 8 to 10, RFC 5280, 2986, 5208, 5652, 7292 and 9580. Only the shape of the outer layers
is read.
"""

from rorqual.analyzers.formats.type_head import Check, Guess, Head

INTEGER, BIT_STRING, OID, SEQUENCE, SET = 0x02, 0x03, 0x06, 0x30, 0x31
PKCS7 = bytes.fromhex("2a864886f70d0107")
KEY_ALGORITHMS = {1, 2, 3, 16, 17, 18, 19, 22, 25, 26, 27, 28}


def _item(head: Head, at: int) -> tuple[int, int, int]:
    """(tag, content, end) of the item at `at`; a tag of -1 where there is none in minimal definite form."""
    tag, length = head.le(at, 1), head.le(at + 1, 1)
    if length < 0:
        return -1, at, at
    if length < 0x80:
        return tag, at + 2, at + 2 + length
    count = length & 0x7F
    value = head.be(at + 2, count) if 0 < count <= 4 else -1
    if value < 0x80 or value >> 8 * (count - 1) == 0:
        return -1, at, at
    return tag, at + 2 + count, at + 2 + count + value


def der(head: Head) -> Guess | None:
    """The outer sequence ends where the source does (or a newline later), and its items nest."""
    tag, at, end = _item(head, 0)
    if tag != SEQUENCE or end - at < 4:
        return None
    kinds: list[tuple[int, int, int]] = []
    inner = at
    while inner < end and len(kinds) < 4:
        item = _item(head, inner)
        if item[0] < 0 or item[2] > end:
            return None
        kinds.append(item)
        inner = item[2]
    closed = head.read(end - 1, 4)
    proof = "structure" if len(closed) == 1 or (len(closed) < 4 and not closed[1:].strip()) else "fields"
    format = _shape(head, kinds)
    if format is None:
        return Guess("asn1", "structure") if proof == "structure" and len(kinds) > 1 else None
    return Guess(format, proof)


def _shape(head: Head, items: list[tuple[int, int, int]]) -> str | None:
    tags = [tag for tag, _, _ in items]
    content = items[0][1]
    if tags[0] == OID and head.read(content, 8) == PKCS7:
        return "pkcs7"
    if tags[:2] == [INTEGER, SEQUENCE] and _item(head, items[1][1])[0] == OID:
        known = head.read(_item(head, items[1][1])[1], 8) == PKCS7
        return "pkcs12" if known and head.le(content, 1) == 3 else "derkey"
    if tags == [INTEGER] * len(tags) and len(tags) >= 2:
        return "derkey"
    if tags[:2] == [SEQUENCE, BIT_STRING] and _item(head, content)[0] == OID:
        return "derkey"
    if tags[:3] == [SEQUENCE, SEQUENCE, BIT_STRING] and _item(head, items[1][1])[0] == OID:
        return _signed(head, content)
    return None


def _signed(head: Head, at: int) -> str:
    """What a signature covers: a certificate, a request or a revocation list."""
    tag, content, end = _item(head, at)
    if tag == 0xA0:
        return "der"
    following, inner, _ = _item(head, end)
    if tag == INTEGER and following == SEQUENCE:
        if _item(head, inner)[0] == SET:
            return "csr"
        return "der" if head.le(content, 1) != 1 else "crl"
    return "crl"


def pgp(head: Head) -> Guess | None:
    """A key (version 4, an algorithm) or a session key packet (version 3), by the old or the new header."""
    lead = head.le(0, 1)
    if lead & 0x40:
        tag, length = lead & 0x3F, head.le(1, 1)
        at = 2 if length < 192 else 3 if length < 224 else 6 if length == 255 else 0
    else:
        tag, at = lead >> 2 & 15, (2, 3, 5, 0)[lead & 3]
    if at == 0:
        return None
    version = head.le(at, 1)
    if tag in (5, 6) and version == 4 and head.le(at + 5, 1) in KEY_ALGORITHMS and head.be(at + 1, 4) > 1 << 29:
        return Guess("pgpkey", "fields")
    session = tag == 1 and version == 3 and head.le(at + 9, 1) in KEY_ALGORITHMS
    return (
        Guess("pgp", "fields")
        if session or (tag == 3 and version == 4 and head.le(at + 1, 1) in range(1, 12))
        else None
    )


def jks(head: Head) -> Guess | None:
    """Version 1 or 2 and a believable number of entries."""
    return Guess("jks", "fields") if head.be(4, 4) in (1, 2) and 0 <= head.be(8, 4) < 1 << 20 else None


CHECKS: dict[str, Check] = {"der": der, "pgp": pgp, "jks": jks}
