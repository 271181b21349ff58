"""Java's key stores: JKS (fe ed fe ed), JCEKS (ce ce ce ce) and Bouncy Castle's BKS (a version and a salt); entries,
each with an alias, then a digest over all that a password goes into.

https://github.com/openjdk/jdk/blob/master/src/java.base/share/classes/sun/security/provider/JavaKeyStore.java and
https://github.com/bcgit/bc-java/blob/main/prov/src/main/java/org/bouncycastle/jcajce/provider/keystore/bc/BcKeyStoreSpi.java.
The digest of JKS and JCEKS is tried with the passwords at hand. Certificates have a probe of their own, private keys
stay closed.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar

from rorqual.analyzers.formats.keys import BKS, JKS
from rorqual.analyzers.formats.reader import Cut, Reader
from rorqual.analyzers.formats.stores.java_stream import Stream
from rorqual.analyzers.formats.strings import printable
from rorqual.sdk import Closed, Extent, Hit, Malformed, Said, View, frozen

DIGEST = 20
ENTRIES_MOST = 1 << 16
CHAIN_MOST = 64
ALIASES_TOLD = 64
CLOSED_MOST = 1024
PART_MOST = 16 << 20
SUMMED_MOST = 8 << 20
SALT = b"Mighty Aphrodite"
KEY, CERTIFICATE, SECRET = 1, 2, 3


@frozen
class JavaKeyStore:
    """A store. The finding spans it."""

    tag: ClassVar[str] = "java_key_store"
    kind: str  # "JKS", "JCEKS", "BKS"
    version: int
    private_keys: int
    secret_keys: int
    certificates: int  # that are trusted
    aliases: tuple[str, ...]  # the first 64
    password: str | None  # "found": one of those at hand makes the digest hold


@dataclass(slots=True)
class _Seen:
    """What the walk has met; places are (at, size)."""

    keys: int = 0
    secrets: int = 0
    trusted: int = 0
    aliases: list[str] = field(default_factory=list)
    closed: list[tuple[int, int]] = field(default_factory=list)


class JavaKeyStoreProbe:
    """Finds JKS and JCEKS anywhere."""

    name = "jks"
    version = 1
    wakes_on = JKS

    def score(self, view: View, /) -> int:
        """A believable number of entries."""
        return int(int.from_bytes(view.read(8, 4), "big") <= ENTRIES_MOST)

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        reader = Reader(hit.view, 4, big=True)
        kind = "JKS" if hit.view.exact(0, 1) == b"\xfe" else "JCEKS"
        version, count, seen = reader.number(4), reader.number(4), _Seen()
        reader.check(count <= ENTRIES_MOST, "a number of entries")
        try:
            for _ in range(count):
                _entry(reader, seen, version)
            reader.reach(reader.at + DIGEST)
        except Cut:
            if seen.aliases:
                yield hit.finding(0, hit.view.within(0, reader.at), _body(kind, version, seen, None))
            return
        end = reader.at + DIGEST
        found = _opened(hit, reader.at)
        yield hit.finding(0, end, _body(kind, version, seen, "found" if found else None))
        yield Extent(0, end, "jks", "the digest holds" if found else f"{count} entries lead to the digest")
        yield from _parts(seen)


class BouncyCastleProbe:
    """Finds BKS anywhere."""

    name = "bks"
    version = 1
    wakes_on = BKS

    def score(self, view: View, /) -> int:
        """A number of rounds, and an entry with an alias."""
        head = view.read(28, 7)
        rounds = int.from_bytes(head[:4], "big")
        return int(len(head) >= 5 and 0 < rounds < 1 << 16 and head[4] <= 4)

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        reader = Reader(hit.view, 0, big=True)
        version, salt = reader.number(4), reader.number(4)
        reader.skip(salt + 4)
        seen = _Seen()
        while kind := reader.byte():
            reader.check(kind <= 4 and len(seen.aliases) < ENTRIES_MOST, "a kind of entry")
            _sealed(reader, seen, kind)
        end = reader.at + DIGEST
        if not hit.view.holds(end - 1) or not seen.aliases:
            raise Malformed(hit.offset + reader.at, "entries and a digest")
        yield hit.finding(0, end, _body("BKS", version, seen, None))
        yield Extent(0, end, "bks", f"{len(seen.aliases)} entries lead to the digest")
        yield from _parts(seen)


def _body(kind: str, version: int, seen: _Seen, password: str | None) -> JavaKeyStore:
    aliases = tuple(seen.aliases[:ALIASES_TOLD])
    return JavaKeyStore(kind, version, seen.keys, seen.secrets, seen.trusted, aliases, password)


def _parts(seen: _Seen) -> Iterator[Said]:
    for at, size in seen.closed[:CLOSED_MOST]:
        yield Closed(at, size, "encrypted private key")


def _text(reader: Reader) -> bytes:
    return reader.take(reader.number(2))


def _part(reader: Reader) -> tuple[int, int]:
    size = reader.number(4)
    reader.check(size < PART_MOST, "a size of a part")
    at = reader.at
    reader.skip(size)
    reader.reach(reader.at)
    return at, size


def _certificate(reader: Reader, *, named: bool) -> None:
    if named:
        reader.check(0 < len(_text(reader)) < 64, "a kind of certificate")
    _part(reader)


def _entry(reader: Reader, seen: _Seen, version: int) -> None:
    kind = reader.number(4)
    reader.check(kind in (KEY, CERTIFICATE, SECRET), "a kind of entry")
    seen.aliases.append(printable(_text(reader)[:256]))
    reader.take(8)
    if kind == CERTIFICATE:
        seen.trusted += 1
        _certificate(reader, named=version == 2)
    elif kind == KEY:
        seen.keys += 1
        seen.closed.append(_part(reader))
        count = reader.number(4)
        reader.check(count <= CHAIN_MOST, f"at most {CHAIN_MOST} certificates in a chain")
        for _ in range(count):
            _certificate(reader, named=version == 2)
    else:
        seen.secrets += 1
        at = reader.at
        stream = Stream(reader.view.sub(at), most=1)
        reader.check(stream.contents == 1, "an object")
        seen.closed.append((at, stream.end))
        reader.skip(stream.end)


def _sealed(reader: Reader, seen: _Seen, kind: int) -> None:
    alias = _text(reader)
    reader.check(bool(alias), "an alias")
    seen.aliases.append(printable(alias[:256]))
    reader.take(8)
    count = reader.number(4)
    reader.check(count <= CHAIN_MOST, f"at most {CHAIN_MOST} certificates in a chain")
    for _ in range(count):
        _certificate(reader, named=True)
    if kind == 1:
        seen.trusted += 1
        _certificate(reader, named=True)
        return
    if kind == 2:
        reader.byte()
        _text(reader)
        _text(reader)
    seen.keys += kind != 3
    seen.secrets += kind == 3
    place = _part(reader)
    if kind != 2:
        seen.closed.append(place)


def _opened(hit: Hit, end: int) -> bool:
    """Whether one of the passwords makes the digest hold."""
    if not hit.passwords or end > SUMMED_MOST:
        return False
    data, stored = hit.view.exact(0, end), hit.view.exact(end, DIGEST)
    for password in hit.passwords:
        hit.view.step(1 + end // 64)
        digest = hashlib.sha1(password.encode("utf-16-be") + SALT + data, usedforsecurity=False).digest()
        if digest == stored:
            return True
    return False
