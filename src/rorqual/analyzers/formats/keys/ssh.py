"""Keys of OpenSSH and PuTTY: a line "ssh-rsa AAAA...", the binary private key ("openssh-key-v1"), and PuTTY's text.

RFC 4253, https://github.com/openssh/openssh-portable/blob/master/PROTOCOL.key and
https://tartarus.org/~simon/putty-snapshots/htmldoc/AppendixC.html. Of private keys no byte is told; whether they are
encrypted is. Certificates of SSH and SSH2's format (RFC 4716) are not handled.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.keys import OPENSSH, PPK, SSH_KEY
from rorqual.analyzers.formats.keys.ssh_wire import PublicKey, public_key, strings
from rorqual.analyzers.formats.strings import printable
from rorqual.sdk import Closed, Extent, Hit, Malformed, Room, Said, View, frozen

LINE_MOST = 16 << 10
MAGIC = b"openssh-key-v1\0"
PPK_MOST = 64 << 10
TEXT_MOST = 256
_LINE = re.compile(rb"([a-z0-9@.-]+) ([A-Za-z0-9+/]+={0,2})(?: ([^\r\n\0]{0,1024}))?(\r\n|\n|\r|\Z)")
_PPK = re.compile(
    rb"PuTTY-User-Key-File-([123]): ([a-z0-9-]{1,32})\r?\nEncryption: ([a-z0-9-]{1,32})\r?\n"
    rb"Comment: ([^\r\n]{0,1024})\r?\nPublic-Lines: (\d{1,4})\r?\n"
)
_LINES = rb"((?:[A-Za-z0-9+/=]+\r?\n){%d})"
_MAC = re.compile(rb"Private-(?:MAC|Hash): [0-9a-f]{40,64}(?:\r?\n|\Z)")
_DERIVATION = re.compile(
    rb"(?:(?:Key-Derivation|Argon2-[A-Za-z]+): [^\r\n]{1,128}\r?\n){0,8}Private-Lines: (\d{1,4})\r?\n"
)


@frozen
class SSHKey:
    """A key. The finding spans it."""

    tag: ClassVar[str] = "ssh_key"
    form: str  # "public", "openssh", "putty"
    kind: str
    size: int  # bits
    fingerprint: str  # SHA-256 of the public key, as ssh-keygen tells it
    comment: str | None
    cipher: str | None  # of a private one that is encrypted
    keys: int


class SSHPublicKey:
    """Finds lines of public keys anywhere."""

    name = "sshkey"
    version = 1
    wakes_on = SSH_KEY

    def score(self, view: View, /) -> int:
        """The kind of key and the first letters of its base64 are 170 bits and more."""
        return 1

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        found = _LINE.match(hit.view.read(0, LINE_MOST))
        if found is None:
            raise Malformed(hit.offset, "a line of a key")
        key, fingerprint = _public(hit, found[2])
        comment = printable(found[3][:TEXT_MOST]) if found[3] else None
        yield hit.finding(0, found.end(), SSHKey("public", key.kind, key.size, fingerprint, comment, None, 1))
        yield Extent(0, found.end(), "sshkey", "base64 holds a key of this kind", "anywhere")
        if found[3] and len(found[3]) >= 8:
            yield hit.finding(found.start(3), len(found[3]), Room("sshkey", "comment"))


class OpenSSHKey:
    """Finds private keys in OpenSSH's binary form anywhere."""

    name = "opensshkey"
    version = 1
    wakes_on = OPENSSH

    def score(self, view: View, /) -> int:
        """The magic is 120 bits."""
        return 1

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        data = hit.view.read(len(MAGIC), LINE_MOST)
        (cipher, _, _), at = strings(data, 0, 3)
        count = int.from_bytes(data[at : at + 4], "big")
        if not 0 < count <= 16 or not cipher.isascii():
            raise Malformed(hit.offset + len(MAGIC) + at, "a number of keys")
        blobs, at = strings(data, at + 4, count)
        (secret,), end = strings(data, at, 1)
        key = public_key(blobs[0])
        if len(secret) < 8 or key.end != len(blobs[0]):
            raise Malformed(hit.offset + len(MAGIC) + at, "private keys")
        encrypted = cipher != b"none"
        if not encrypted and secret[:4] != secret[4:8]:
            raise Malformed(hit.offset + len(MAGIC) + at, "the same number twice")
        end += 16 if cipher.endswith((b"gcm@openssh.com", b"poly1305@openssh.com")) else 0
        size = len(MAGIC) + end
        body = SSHKey(
            "openssh", key.kind, key.size, _fingerprint(blobs[0]), None, printable(cipher) if encrypted else None, count
        )
        yield hit.finding(0, hit.view.within(0, size), body)
        if hit.view.holds(size - 1):
            yield Extent(0, size, "opensshkey", "all strings parse")
        if encrypted:
            yield Closed(len(MAGIC) + at + 4, len(secret), "encrypted private key")


class PuTTYKey:
    """Finds PuTTY's private keys anywhere."""

    name = "ppk"
    version = 1
    wakes_on = PPK

    def score(self, view: View, /) -> int:
        """The first line begins with 22 characters of its own."""
        return 1

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        data = hit.view.read(0, PPK_MOST)
        head = _PPK.match(data)
        if head is None:
            raise Malformed(hit.offset, "fields of a key")
        public = re.compile(_LINES % int(head[5])).match(data, head.end())
        middle = _DERIVATION.match(data, public.end()) if public is not None else None
        if public is None or middle is None:
            raise Malformed(hit.offset + head.end(), "the public key, then the private")
        private = re.compile(_LINES % int(middle[1])).match(data, middle.end())
        last = _MAC.match(data, private.end()) if private is not None else None
        if private is None or last is None:
            raise Malformed(hit.offset + middle.end(), "the private key and its check")
        key, fingerprint = _public(hit, b"".join(public[1].split()))
        cipher = None if head[3] == b"none" else printable(head[3])
        comment = printable(head[4][:TEXT_MOST]) or None
        yield hit.finding(0, last.end(), SSHKey("putty", key.kind, key.size, fingerprint, comment, cipher, 1))
        yield Extent(0, last.end(), "ppk", "all lines that are told are there")
        if len(head[4]) >= 8:
            yield hit.finding(head.start(4), len(head[4]), Room("ppk", "comment"))
        if cipher is not None:
            yield Closed(private.start(), private.end() - private.start(), "encrypted private key")


def _public(hit: Hit, text: bytes) -> tuple[PublicKey, str]:
    try:
        blob = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise Malformed(hit.offset, f"base64 ({error})") from error
    key = public_key(blob)
    if key.end != len(blob):
        raise Malformed(hit.offset, "a key and nothing else")
    return key, _fingerprint(blob)


def _fingerprint(blob: bytes) -> str:
    return "SHA256:" + base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")
