"""PKCS #12: keys and certificates of one owner, mostly encrypted, with a check of the password over all.

RFC 7292. The check (an HMAC whose key is made of the password) is made with the passwords at hand, and with none; what
is encrypted is not decrypted.
"""

import hashlib
import hmac
from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.der import OCTET_STRING, SEQUENCE, Der, Value
from rorqual.analyzers.formats.keys import PKCS12
from rorqual.analyzers.formats.keys.der_probe import check, whole
from rorqual.analyzers.formats.x509 import oids
from rorqual.sdk import Closed, Extent, Hit, Malformed, Said, View, frozen

DATA, ENCRYPTED = "1.2.840.113549.1.7.1", "1.2.840.113549.1.7.6"
ITERATIONS_MOST = 200_000  # of all passwords together
ITERATION_STEPS = 4  # of the loop, about 1.5 µs each
MAC_KEY = 3  # what the derived bytes are for


@frozen
class KeyStore12:
    """A store. The finding spans it."""

    tag: ClassVar[str] = "pkcs12_store"
    parts: int
    encrypted_parts: int
    digest: str | None  # of the check
    iterations: int | None
    password: str | None  # "none": it has no password, "found": one of those at hand is right; None: neither


class PKCS12Probe:
    """Finds stores anywhere."""

    name = "pkcs12"
    version = 1
    wakes_on = PKCS12

    def score(self, view: View, /) -> int:
        """The anchors are proof enough for a look."""
        return 1

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        value = whole(hit.view)
        check(value)
        fields = value.parts(2)
        if fields[0].number() != 3:
            raise Malformed(hit.offset, "version 3")
        kind, content = fields[1].parts(2)[:2]
        parts: list[Value] = []
        safe = b""
        if kind.oid() == DATA:
            inner = content.only().tagged(OCTET_STRING)
            safe = inner.content
            parts = Der(safe, hit.offset + inner.start, hit.view.step).value().tagged(SEQUENCE).children()
        encrypted = [part for part in parts if part.parts(1)[0].oid() == ENCRYPTED]
        digest, iterations, state = None, None, None
        if len(fields) > 2 and safe:
            digest, iterations, state = _password(hit, fields[2], safe)
        yield hit.finding(0, value.size, KeyStore12(len(parts), len(encrypted), digest, iterations, state))
        yield Extent(0, value.size, "pkcs12", "all values parse" + (", the password's check holds" if state else ""))
        for part in encrypted:
            yield Closed(part.offset - hit.offset, part.size, "encrypted keys and certificates")
        if not parts:
            yield Closed(content.at, content.size, "encrypted keys and certificates")


def _password(hit: Hit, mac: Value, safe: bytes) -> tuple[str | None, int | None, str | None]:
    """The digest, the iterations, and whether one of the passwords is right."""
    fields = mac.parts(2)
    algorithm, stored = fields[0].parts(2)[:2]
    name = oids.digest_name(algorithm.parts(1)[0].oid())
    iterations = fields[2].number() if len(fields) > 2 else 1
    if name not in ("sha1", "sha256", "sha384", "sha512"):
        return name, iterations, None
    salt, wanted = fields[1].content, stored.content
    spent = 0
    for raw in (b"\0\0", b"", *(password.encode("utf-16-be") + b"\0\0" for password in hit.passwords)):
        spent += iterations
        if spent > ITERATIONS_MOST:
            break
        hit.view.step(iterations * ITERATION_STEPS)
        key = derive(name, raw, salt, iterations)
        if hmac.compare_digest(hmac.new(key, safe, name).digest(), wanted):
            return name, iterations, "found" if len(raw) > 2 else "none"
    return name, iterations, None


def derive(name: str, password: bytes, salt: bytes, iterations: int) -> bytes:
    """The key of the check: appendix B.2, for a length of one digest."""
    block = hashlib.new(name, usedforsecurity=False).block_size

    def filled(data: bytes) -> bytes:
        size = -(-len(data) // block) * block
        return (data * (size // max(1, len(data)) + 1))[:size] if data else b""

    data = bytes([MAC_KEY]) * block + filled(salt) + filled(password)
    for _ in range(iterations):
        data = hashlib.new(name, data, usedforsecurity=False).digest()
    return data
