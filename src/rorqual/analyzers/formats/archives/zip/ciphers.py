"""How members are encrypted: PKWARE's old stream cipher (APPNOTE 6.1) and WinZip's AES.

Both keep something to check a password by before anything is decoded: a byte of the CRC-32, and two bytes that come
out of the key's derivation. https://www.winzip.com/en/support/aes-encryption/
"""

import hashlib
import hmac
from collections.abc import Iterable, Iterator
from functools import cache

from rorqual.analyzers.formats.archives.zip.aes import BATCH, BLOCK, keystream
from rorqual.analyzers.formats.archives.zip.members import Member
from rorqual.analyzers.formats.archives.zip.records import DEFERRED
from rorqual.sdk import Malformed, View

HEADER = 12  # encrypted bytes before the data
AUTHENTICATION = 10  # bytes after the data
VERIFIER = 2
ROUNDS = 1000  # of PBKDF2
ROUNDS_COST = 1500  # steps of 320 ns
BYTE_COST = 2  # steps
READ = 64 << 10
Keys = tuple[int, int, int]


@cache
def _table() -> tuple[int, ...]:
    """What one byte does to a CRC-32 register."""
    table = []
    for byte in range(256):
        value = byte
        for _ in range(8):
            value = value >> 1 ^ (0xEDB88320 if value & 1 else 0)
        table.append(value)
    return tuple(table)


def old_keys(password: bytes) -> Keys:
    """The three keys that a password sets up."""
    table = _table()
    a, b, c = 0x12345678, 0x23456789, 0x34567890
    for byte in password:
        a = a >> 8 ^ table[(a ^ byte) & 0xFF]
        b = ((b + (a & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
        c = c >> 8 ^ table[(c ^ b >> 24) & 0xFF]
    return a, b, c


def old_decrypted(data: bytes, keys: Keys) -> tuple[bytes, Keys]:
    """The plain bytes, and the keys for what follows."""
    table = _table()
    a, b, c = keys
    out = bytearray()
    add = out.append
    for byte in data:
        mask = c & 0xFFFF | 2
        byte ^= mask * (mask ^ 1) >> 8 & 0xFF  # noqa: PLW2901
        add(byte)
        a = a >> 8 ^ table[(a ^ byte) & 0xFF]
        b = ((b + (a & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
        c = c >> 8 ^ table[(c ^ b >> 24) & 0xFF]
    return bytes(out), (a, b, c)


def encoded(password: str) -> bytes:
    """As most writers put it."""
    return password.encode("utf-8", "replace")


def old_fits(header: bytes, member: Member, password: bytes) -> bool:
    """Whether the check byte holds: one wrong password of 256 gets through."""
    plain, _ = old_decrypted(header, old_keys(password))
    return plain[-1] in (member.crc >> 24, member.time >> 8 if member.flags & DEFERRED else member.crc >> 24)


def aes_keys(salt: bytes, password: bytes, strength: int) -> tuple[bytes, bytes, bytes]:
    """(key, key of the authentication, verifier)."""
    size = 8 + 8 * strength
    made = hashlib.pbkdf2_hmac("sha1", password, salt, ROUNDS, 2 * size + VERIFIER)
    return made[:size], made[size : 2 * size], made[2 * size :]


def fits(view: View, member: Member, passwords: Iterable[str]) -> str | None:
    """The first password that the member's check lets through; `view` begins with the source."""
    if member.aes is not None:
        size = 4 + 4 * member.aes.strength
        head = view.read(member.data, size + VERIFIER)
        for password in passwords:
            view.step(ROUNDS_COST)
            if (
                len(head) == size + VERIFIER
                and aes_keys(head[:size], encoded(password), member.aes.strength)[2] == head[size:]
            ):
                return password
        return None
    head = view.read(member.data, HEADER)
    for password in passwords:
        view.step(BYTE_COST * (HEADER + len(password)))
        if len(head) == HEADER and old_fits(head, member, encoded(password)):
            return password
    return None


def old_stream(view: View, packed: int, password: bytes) -> Iterator[bytes]:
    """The decrypted bytes of a member whose header begins the view."""
    keys = old_keys(password)
    _, keys = old_decrypted(view.exact(0, HEADER), keys)
    at = HEADER
    while at < packed:
        data = view.read(at, min(READ, packed - at))
        if not data:
            return
        at += len(data)
        plain, keys = old_decrypted(data, keys)
        yield plain


def aes_stream(view: View, packed: int, password: bytes, strength: int) -> Iterator[bytes]:
    """The decrypted bytes of a member whose salt begins the view.

    Raises:
        Malformed: the authentication code at the end does not hold.
    """
    size = 4 + 4 * strength
    key, other, _ = aes_keys(view.exact(0, size), password, strength)
    code = hmac.new(other, digestmod="sha1")
    at, end = size + VERIFIER, packed - AUTHENTICATION
    stream = keystream(key)
    while at < end:
        data = view.read(at, min(BATCH * BLOCK, end - at))
        if not data:
            return
        at += len(data)
        code.update(data)
        plain = int.from_bytes(data, "little") ^ int.from_bytes(next(stream)[: len(data)], "little")
        yield plain.to_bytes(len(data), "little")
    if view.read(end, AUTHENTICATION) != code.digest()[:AUTHENTICATION]:
        raise Malformed(view.offset + end, "the authentication code of what was decrypted")
