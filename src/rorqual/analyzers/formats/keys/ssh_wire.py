"""What SSH's keys are made of: strings, each with its length before it.

RFC 4251, section 5; RFC 4253, section 6.6; RFC 5656; RFC 8709; https://github.com/openssh/openssh-portable/blob/master/PROTOCOL.u2f.
"""

from typing import NamedTuple

from rorqual.sdk import Malformed

STRING_MOST = 16 << 10
FIELDS = {  # strings behind the name of a public key
    b"ssh-rsa": 2, b"ssh-dss": 4, b"ssh-ed25519": 1, b"ssh-ed448": 1, b"ecdsa-sha2-nistp256": 2,
    b"ecdsa-sha2-nistp384": 2, b"ecdsa-sha2-nistp521": 2, b"sk-ssh-ed25519@openssh.com": 2,
    b"sk-ecdsa-sha2-nistp256@openssh.com": 3,
}  # fmt: skip
SIZES = {b"ssh-ed25519": 256, b"sk-ssh-ed25519@openssh.com": 256, b"ssh-ed448": 456}


class PublicKey(NamedTuple):
    """A public key."""

    kind: str
    size: int  # bits
    end: int  # of its bytes


def strings(data: bytes, at: int, count: int) -> tuple[list[bytes], int]:
    """So many strings, and where they end.

    Raises:
        Malformed: they are not there.
    """
    found = []
    for _ in range(count):
        size = int.from_bytes(data[at : at + 4], "big")
        if len(data) < at + 4 + size or size > STRING_MOST:
            raise Malformed(at, "a string")
        found.append(data[at + 4 : at + 4 + size])
        at += 4 + size
    return found, at


def public_key(data: bytes) -> PublicKey:
    """A public key at the start of `data`.

    Raises:
        Malformed: there is none.
    """
    (kind,), at = strings(data, 0, 1)
    if kind not in FIELDS:
        raise Malformed(0, "a kind of key")
    fields, end = strings(data, at, FIELDS[kind])
    if kind in SIZES:
        size = SIZES[kind]
        if len(fields[0]) != -(-size // 8):
            raise Malformed(at, f"{size} bits")
    elif kind in (b"ssh-rsa", b"ssh-dss"):
        size = int.from_bytes(fields[1 if kind == b"ssh-rsa" else 0], "big").bit_length()
    else:
        size = {b"nistp256": 256, b"nistp384": 384, b"nistp521": 521}.get(fields[0], 0)
    if not 128 <= size <= 32_768:
        raise Malformed(at, "a size of a key")
    return PublicKey(kind.decode(), size, end)
