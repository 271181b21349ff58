"""Chrome extensions: "Cr24", a version, lengths, keys and signatures; then a ZIP archive, which its own probe reads.

Version 2 has one key and one signature; version 3 a protocol buffer with several, and the id that they vouch for.
https://chromium.googlesource.com/chromium/src/+/HEAD/components/crx_file/crx3.proto. Signatures are not
verified, and the archive's end is sought from its beginning: where members hide their ends the package has none.
"""

import hashlib
from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.archives.notes import Notes
from rorqual.analyzers.formats.archives.zip.records import LOCAL
from rorqual.analyzers.formats.archives.zip.recovery import end_of
from rorqual.sdk import Anchor, Anomaly, Extent, Hit, Malformed, Said, View, frozen

HEADER_MOST = 1 << 20  # bytes of keys and signatures
FIELDS = 64  # of a message
RSA, ECDSA, SIGNED = 2, 3, 10_000  # fields of CrxFileHeader
LETTERS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")


@frozen
class CrxExtension:
    """An extension; the finding spans header and archive."""

    tag: ClassVar[str] = "crx_extension"
    format_version: int
    id: str | None
    keys: tuple[str, ...]  # kinds of its signatures
    archive: int  # where the ZIP archive begins, from the finding's start


class Crx:
    """Finds Chrome extensions anywhere."""

    name = "crx"
    version = 1
    wakes_on = (Anchor(rb"Cr24[\x02\x03]\x00\x00\x00[\x00-\xff]{2}[\x00-\x0f]\x00"),)

    def score(self, view: View, /) -> int:
        """An archive must begin where the lengths say."""
        head = view.read(0, 16)
        return 1 if len(head) == 16 and view.read(_archive(head), 4) == LOCAL else 0

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        head = view.exact(0, 16)
        at = _archive(head)
        if at > HEADER_MOST or view.read(at, 4) != LOCAL:
            raise Malformed(hit.offset + at, "an archive")
        raw = view.exact(0, at)
        notes = Notes(hit, "crx")
        if head[4] == 2:
            size = int.from_bytes(head[8:12], "little")
            key = hashlib.sha256(raw[16 : 16 + size]).digest()[:16]
            name: bytes = key
            kinds: tuple[str, ...] = ("RSA with SHA-1",)
        else:
            name, kinds, keys = _message(raw[12:])
            if name and keys and name not in keys:
                proof = f"{_letters(name)} is none of the keys that sign it"
                yield hit.finding(12, at - 12, Anomaly("id_without_key", proof))
            for start, end in _unknown(raw[12:]):
                yield from notes.room(hit.offset + 12 + start, raw[12 + start : 12 + end], "private")
        size_of_zip = end_of(view.sub(at))
        body = CrxExtension(head[4], _letters(name) if name else None, kinds, at)
        yield hit.finding(0, at + (size_of_zip or 0), body)
        if size_of_zip is not None:
            yield Extent(0, at + size_of_zip, "crx", "a header, and a ZIP archive that is walked to its end", "start")


def _archive(head: bytes) -> int:
    """Where the archive begins."""
    first, second = (int.from_bytes(head[place : place + 4], "little") for place in (8, 12))
    return 16 + first + second if head[4] == 2 else 12 + first


def _letters(name: bytes) -> str:
    """An id as browsers show it."""
    return name.hex().translate(LETTERS)


def _fields(data: bytes) -> Iterator[tuple[int, int, int, bytes]]:
    """(number, at, end, content) of the fields with lengths in a message; others end it."""
    at = 0
    for _ in range(FIELDS):
        start = at
        key, at = _varint(data, at)
        size, at = _varint(data, at)
        if key & 7 != 2 or size > len(data) - at or at > len(data):
            return
        yield key >> 3, start, at + size, data[at : at + size]
        at += size
        if at >= len(data):
            return


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for index in range(10):
        if at + index >= len(data):
            return value, len(data) + 1
        byte = data[at + index]
        value |= (byte & 0x7F) << 7 * index
        if byte < 0x80:
            return value, at + index + 1
    return value, len(data) + 1


def _message(data: bytes) -> tuple[bytes, tuple[str, ...], set[bytes]]:
    """(id, kinds of signatures, ids of their keys)."""
    name, kinds, keys = b"", [], set()
    for number, _, _, content in _fields(data):
        if number in (RSA, ECDSA):
            kinds.append("RSA with SHA-256" if number == RSA else "ECDSA with SHA-256")
            keys |= {hashlib.sha256(key).digest()[:16] for inner, _, _, key in _fields(content) if inner == 1}
        elif number == SIGNED:
            name = next((one for inner, _, _, one in _fields(content) if inner == 1 and len(one) == 16), b"")
    return name, tuple(kinds), keys


def _unknown(data: bytes) -> Iterator[tuple[int, int]]:
    """Where fields stand that no reader knows, and what follows the last."""
    last = 0
    for number, start, end, _ in _fields(data):
        if number not in (RSA, ECDSA, SIGNED):
            yield start, end
        last = end
    if last < len(data):
        yield last, len(data)
