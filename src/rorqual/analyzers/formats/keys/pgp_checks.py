"""What OpenPGP's packets must hold, and which of them lead from one to the next.

RFC 9580, section 5. The parts of signatures and session keys must fill their packets; other content is looked at less.
"""

import re

from rorqual.analyzers.formats.keys.pgp_packets import (
    AEAD,
    ATTRIBUTE,
    BODY_MOST,
    COMPRESSED,
    ENCRYPTED,
    FIXED,
    KEYS,
    LITERAL,
    MARKER,
    MDC,
    ONE_PASS,
    PADDING,
    PUBLIC,
    SEALED,
    SECRET,
    SESSION,
    SIGNATURE,
    SYMMETRIC,
    TRUST,
    USER,
    Packet,
    length,
    packet,
)
from rorqual.sdk import View

BACK_MOST = 64  # packets that are followed back
BEFORE = 4096  # bytes in which the packet before another is looked for
_LEAD = re.compile(rb"[\x84\x85\x88\x89\x8c\x90\x94\x95\x98\x99\x9c\x9d\xb0\xb4\xb8\xb9\xc1-\xc7\xcc-\xce\xd1]")
BEGINNING = {SESSION, SIGNATURE, SYMMETRIC, ONE_PASS, SECRET, PUBLIC}


def sound(view: View, one: Packet) -> bool:
    """Whether the packet's content begins as that of its tag must."""
    most = BODY_MOST if one.tag in (SIGNATURE, SESSION, SYMMETRIC) else 32
    data = view.read(one.at, min(one.end - one.at, most) if one.complete else 32)
    if one.tag == SIGNATURE:
        return _signature(data)
    if one.tag == ONE_PASS:
        return len(data) >= 13 and data[0] in (3, 6)
    if one.tag == SESSION:
        return _session(data)
    if one.tag == SYMMETRIC:
        return (len(data) > 3 and data[0] in (5, 6)) or _passphrase(data)
    if one.tag in (SEALED, AEAD):
        return len(data) > 1 and data[0] in (1, 2)
    if one.tag == LITERAL:
        return len(data) > 5 and data[:1] in (b"b", b"t", b"u", b"l", b"1", b"m")
    if one.tag == COMPRESSED:
        return len(data) > 1 and data[0] <= 3
    if one.tag == MARKER:
        return data == b"PGP"
    if one.tag == USER:
        return 0 < one.end - one.at < 8192
    return one.tag in (*KEYS, TRUST, ATTRIBUTE, PADDING, ENCRYPTED, MDC) or 60 <= one.tag <= 63


def _numbers(data: bytes, at: int, count: int) -> int:
    """Where so many numbers end, each with its bits before it; behind the data where one cannot be."""
    for _ in range(count):
        bits = int.from_bytes(data[at : at + 2], "big")
        at += 2 + (bits + 7) // 8
        if at > len(data) or not bits:
            return len(data) + 1
    return at


def _signature(data: bytes) -> bool:
    """The areas of a signature and its numbers fill it."""
    if len(data) < 12 or data[0] not in (3, 4, 5, 6):
        return False
    if data[0] == 3:
        at, number = 19, data[15]
        if data[1] != 5:
            return False
    else:
        width, at, number = (4 if data[0] == 6 else 2), 4, data[2]
        for _ in range(2):
            at += width + int.from_bytes(data[at : at + width], "big")
        at += 2
        if data[0] == 6:
            at += 1 + data[at] if at < len(data) else 1
    if number in (27, 28):
        return at + 2 * FIXED[number] == len(data) or at + 114 == len(data)
    count = {1: 1, 2: 1, 3: 1, 16: 2, 17: 2, 19: 2, 20: 2, 22: 2}.get(number, 0)
    return count > 0 and at < len(data) and _numbers(data, at, count) == len(data)


def _session(data: bytes) -> bool:
    """A session key, encrypted for a key, fills its packet."""
    if len(data) < 12 or data[0] not in (3, 6):
        return False
    if data[0] == 6:
        return data[1] in (0, 21, 33)
    number = data[9]
    if number in (1, 2, 16):
        return _numbers(data, 10, 1 if number < 16 else 2) == len(data)
    if number == 18:
        at = _numbers(data, 10, 1)
        return at < len(data) and at + 1 + data[at] == len(data)
    at = 10 + FIXED.get(number, len(data))
    return at < len(data) and at + 1 + data[at] == len(data)


def _passphrase(data: bytes) -> bool:
    """How a passphrase becomes a key, and perhaps an encrypted key."""
    if data[:1] != b"\4" or not 0 < data[1] < 14 or len(data) < 4 or not 0 < data[3] < 15:
        return False
    size = 2 + {0: 2, 1: 10, 3: 11}.get(data[2], 1 << 16)
    return len(data) == size or 16 < len(data) - size <= 64


def goes_on(view: View) -> bool:
    """Whether packets lead from here back to one that begins a message or keyring: then this is a part of that."""
    for _ in range(BACK_MOST):
        one = _before(view)
        if one is None:
            return False
        if one.tag in BEGINNING:
            return True
        view = view.sub(one.start)
    return True


def _before(view: View) -> Packet | None:
    """The packet that ends where the view begins; its places count from there, and are negative."""
    size = min(BEFORE, view.offset)
    before = view.sub(-size)
    data = before.read(0, size)
    for found in _LEAD.finditer(data):
        start = found.start()
        head = data[start : start + 6]
        if head[0] & 0x40:
            told = length(head, 1)
            end = start + 1 + told[0] + told[1] if told is not None and not told[2] else -1
        else:
            width = 1 << (head[0] & 3)
            end = start + 1 + width + int.from_bytes(head[1 : 1 + width], "big")
        if end == size:
            one = packet(before, start)
            if one is not None and _believable(before, one, data[one.at : one.end]):
                return Packet(one.tag, start - size, one.at - size, one.end - size, complete=True)
    return None


def _believable(view: View, one: Packet, content: bytes) -> bool:
    if one.tag == USER:
        return content.isascii() and content.decode("ascii").isprintable()
    return len(content) <= 16 if one.tag == TRUST else sound(view, one)
