"""KeePass databases: 03 d9 a2 9a, 67 fb 4b b5, a version, fields, and what is encrypted.

https://keepass.info/help/kb/kdbx.html. Version 4 has a SHA-256 of its header, and blocks up to an empty one: its end is
known. Of version 3 the header is told, for nothing says where it ends.
"""

import hashlib
from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.keys import KDBX
from rorqual.analyzers.formats.reader import Reader
from rorqual.sdk import Closed, Extent, Hit, Malformed, Said, View, frozen

CIPHERS = {
    "31c1f2e6bf714350be5805216afc5aff": "aes-256", "d6038a2b8b6f4cb5a524339a31dbb59a": "chacha20",
    "ad68f29f576f4bb9a36ad47af965346c": "twofish",
}  # fmt: skip
COMMENT, CIPHER, COMPRESSION = 1, 2, 3
FIELDS_MOST = 64
BLOCKS_MOST = 1 << 20
DIGEST = 32


@frozen
class KeePassDatabase:
    """A database. The finding spans it, or its header."""

    tag: ClassVar[str] = "keepass_database"
    version: str
    cipher: str | None
    compressed: bool
    blocks: int | None


class KeePass:
    """Finds databases anywhere."""

    name = "kdbx"
    version = 1
    wakes_on = KDBX

    def score(self, view: View, /) -> int:
        """The magic is 64 bits."""
        return 1

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        reader = Reader(view, 8)
        minor, major = reader.number(2), reader.number(2)
        fields: dict[int, bytes] = {}
        wide = major >= 4
        for _ in range(FIELDS_MOST):
            kind, size = reader.byte(), reader.number(4 if wide else 2)
            reader.check(size < 1 << 16, "a size of a field")
            fields[kind] = reader.take(size)
            if kind == 0:
                break
        if 0 not in fields or CIPHER not in fields:
            raise Malformed(hit.offset + reader.at, "fields up to the last")
        header, blocks = reader.at, None
        cipher = fields[CIPHER].hex()
        compressed = any(fields.get(COMPRESSION, b""))
        version = f"{major}.{minor}"
        if wide:
            if hashlib.sha256(view.exact(0, header)).digest() != reader.take(DIGEST):
                raise Malformed(hit.offset + header, "the SHA-256 of the header")
            reader.skip(DIGEST)
            blocks, size = 0, 1
            while size and blocks < BLOCKS_MOST:
                view.step()
                reader.skip(DIGEST)
                size = reader.number(4)
                reader.skip(size)
                blocks += size > 0
            if not view.holds(reader.at - 1) or size:
                raise Malformed(hit.offset + reader.at, "blocks up to an empty one")
        yield hit.finding(0, reader.at, KeePassDatabase(version, CIPHERS.get(cipher, cipher), compressed, blocks))
        if wide:
            yield Extent(0, reader.at, "kdbx", "SHA-256 of the header, blocks up to an empty one")
            yield Closed(header, reader.at - header, "encrypted database")
