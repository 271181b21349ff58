"""The blocks of RAR 5: CRC-32, size, type, flags, and numbers of 7 bits a byte, low bits first."""

import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from rorqual.analyzers.formats.solid.aes import Cbc, decrypted
from rorqual.analyzers.formats.solid.times import file_time, unix_time
from rorqual.analyzers.formats.solid.unpackers import cut, read_through
from rorqual.sdk import Hit, Malformed, View

MAIN, FILE, SERVICE, ENCRYPTION, END = range(1, 6)
HAS_EXTRA, HAS_DATA = 0x1, 0x2
LARGEST_HEADER = 2 << 20
HEAD_READ = 256
COSTLIEST = 18  # binary logarithm of the rounds that a password is tried with; the format allows 24


class Block(NamedTuple):
    """A block whose CRC holds."""

    at: int
    type: int
    flags: int
    header: bytes  # from the CRC on, all of it
    fields: int  # where in the header those of the type begin
    extra: int  # bytes of extra records at the header's end
    data: int
    head: int  # bytes that the header occupies: more than it has where it is encrypted

    @property
    def data_at(self) -> int:
        return self.at + self.head

    @property
    def end(self) -> int:
        return self.data_at + self.data


class Fields:
    """The fields of a header, one after the other."""

    def __init__(self, data: bytes, at: int, end: int, offset: int) -> None:
        self.data, self.at, self.end, self._offset = data, at, end, offset

    def number(self) -> int:
        value, shift = 0, 0
        for at in range(self.at, min(self.end, self.at + 10)):
            one = self.data[at]
            value |= (one & 0x7F) << shift
            shift += 7
            if one < 0x80:
                self.at = at + 1
                return value
        raise Malformed(self._offset + self.at, "a number within its header")

    def take(self, size: int) -> bytes:
        if size < 0 or self.at + size > self.end:
            raise Malformed(self._offset + self.at, f"{size} bytes within their header")
        self.at += size
        return self.data[self.at - size : self.at]

    def word(self) -> int:
        return int.from_bytes(self.take(4), "little")


class Opened(NamedTuple):
    """A password that holds, and the key that it makes."""

    password: str
    key: bytes


@dataclass(frozen=True)
class Stored:
    """How a member that was encrypted and not packed is read."""

    size: int
    opening: tuple[bytes, bytes]

    def __call__(self, view: View) -> Iterator[bytes]:
        """What was encrypted."""
        key, vector = self.opening
        data = read_through(view, 0, self.size + -self.size % 16)
        yield from cut(decrypted(data, key, vector), self.size)


def read_block(view: View, at: int, key: bytes | None = None) -> Block | None:
    """The block at `at`, encrypted under `key` if there is one; None where there is none whose CRC holds."""
    if key is not None:
        return _closed_block(view, at, key)
    data = view.read(at, HEAD_READ)
    if len(data) < 7:
        return None
    fields = Fields(data, 4, min(7, len(data)), view.offset + at)
    try:
        size = fields.number()
    except Malformed:
        return None
    whole = fields.at + size
    if not 2 <= size <= LARGEST_HEADER:
        return None
    header = data[:whole] if whole <= len(data) else view.read(at, whole)
    return _block(header, fields.at, at, whole, view.offset) if len(header) == whole else None


def _closed_block(view: View, at: int, key: bytes) -> Block | None:
    """An encrypted header: an initial vector, then whole blocks of the cipher."""
    vector, first = view.read(at, 16), view.read(at + 16, 16)
    if len(first) < 16:
        return None
    fields = Fields(Cbc(key, vector).blocks(first), 4, 7, view.offset + at)
    try:
        size = fields.number()
    except Malformed:
        return None
    whole = fields.at + size
    padded = whole + -whole % 16
    data = view.read(at + 16, padded) if 2 <= size <= LARGEST_HEADER else b""
    if len(data) < padded or not data:
        return None
    header = b"".join(decrypted([data], key, vector))[:whole]
    return _block(header, fields.at, at, 16 + padded, view.offset)


def _block(header: bytes, start: int, at: int, head: int, offset: int) -> Block | None:
    if zlib.crc32(header[4:]) != int.from_bytes(header[:4], "little"):
        return None
    fields = Fields(header, start, len(header), offset + at)
    kind, flags = fields.number(), fields.number()
    extra = fields.number() if flags & HAS_EXTRA else 0
    added = fields.number() if flags & HAS_DATA else 0
    if extra > len(header) - fields.at:
        return None
    return Block(at, kind, flags, header, fields.at, extra, added, head)


def extras(block: Block, offset: int) -> Iterator[tuple[int, int, bytes]]:
    """(type, place in the header, content) of the extra records."""
    fields = Fields(block.header, len(block.header) - block.extra, len(block.header), offset)
    while fields.at < fields.end:
        size = fields.number()
        end = fields.at + size
        if not size or end > fields.end:
            return
        kind = fields.number()
        yield kind, fields.at, block.header[fields.at : end]
        fields.at = end


def opened(hit: Hit, rounds: int, salt: bytes, check: bytes) -> Opened | None:
    """The password whose check value is the stored one: `check` has it, and four bytes of its SHA-256."""
    if rounds > COSTLIEST or len(check) < 12 or hashlib.sha256(check[:8]).digest()[:4] != check[8:12]:
        return None
    for password in hit.passwords:
        hit.view.step(4 << rounds)
        value = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, (1 << rounds) + 32)
        folded = bytes(value[at] ^ value[at + 8] ^ value[at + 16] ^ value[at + 24] for at in range(8))
        if folded == check[:8]:
            return Opened(password, hashlib.pbkdf2_hmac("sha256", password.encode(), salt, 1 << rounds))
    return None


def modified_of(record: Fields) -> str | None:
    """The time of change that an extra record has."""
    flags = record.number()
    if not flags & 0x2:
        return None
    if flags & 0x1:
        return unix_time(record.word())
    return file_time(int.from_bytes(record.take(8), "little"))
