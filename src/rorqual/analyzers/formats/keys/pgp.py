"""Binary OpenPGP: keyrings, encrypted and signed messages, detached signatures, where a source or a gap begins.

RFC 9580, with the versions of packets before it. Keys are told with their fingerprints and users, messages with who can
open them; nothing is decrypted, no signature checked. Compressed packets that nothing leads are not handled.
"""

from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.keys import pgp_packets as parts
from rorqual.analyzers.formats.keys.pgp_checks import goes_on, sound
from rorqual.analyzers.formats.keys.pgp_packets import Packet
from rorqual.analyzers.formats.reader import told
from rorqual.analyzers.formats.strings import printable
from rorqual.analyzers.formats.times import unix
from rorqual.analyzers.gated import BEGINNINGS
from rorqual.sdk import Closed, Extent, Hit, Malformed, Room, Said, View, frozen

KEYS_TOLD, USERS_TOLD, RECIPIENTS_TOLD = 256, 16, 64
ROOMS_MOST = 64
IN_KEYRING = {
    parts.SIGNATURE, parts.SECRET, parts.PUBLIC, parts.SECRET_SUB, parts.PUBLIC_SUB, parts.TRUST, parts.USER,
    parts.ATTRIBUTE, parts.MARKER, parts.PADDING, 60, 61, 62, 63,
}  # fmt: skip
SECRET = {parts.SECRET, parts.SECRET_SUB}


@frozen
class OpenPGPKey:
    """A primary key, with all that follows it up to the next."""

    tag: ClassVar[str] = "openpgp_key"
    version: int
    algorithm: str
    size: int  # bits, 0 where not known
    curve: str | None
    created: str | None
    fingerprint: str | None
    secret: bool
    encrypted: bool  # the secret part
    users: tuple[str, ...]  # the first 16
    subkeys: int
    signatures: int


@frozen
class OpenPGPMessage:
    """A message or a detached signature. The finding spans its packets."""

    tag: ClassVar[str] = "openpgp_message"
    kind: str  # "encrypted", "signed", "signature"
    packets: int
    recipients: tuple[str, ...]  # ids of keys, the first 64
    passphrases: int  # that open it
    literal_name: str | None
    cut: bool


class PGPKeyProbe:
    """Finds keyrings anywhere."""

    name = "pgpkey"
    version = 1
    wakes_on = BEGINNINGS

    def score(self, view: View, /) -> int:
        """A whole packet with a key's numbers, and another one behind it."""
        one = parts.packet(view, 0)
        if one is None or one.end - one.at > 2048:
            return 0
        following = view.read(one.end, 1)
        return int(not following or following[0] & 0x80 > 0)

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        one = parts.packet(view, 0)
        if one is None or one.tag not in (parts.SECRET, parts.PUBLIC):
            raise Malformed(hit.offset, "a primary key")
        ring: list[Packet] = []
        while one is not None and one.complete and one.tag in IN_KEYRING and len(ring) < parts.PACKETS_MOST:
            view.step()
            if not sound(view, one):
                break
            if one.tag in parts.KEYS:
                try:
                    key = parts.key(view.exact(one.at, min(one.end - one.at, parts.BODY_MOST)), hit.offset + one.at)
                except Malformed:
                    break
                if one.tag not in SECRET and key.version == 4 and key.public_size != one.end - one.at:
                    break
            ring.append(one)
            one = parts.packet(view, one.end)
        proven = sum(packet.tag in (parts.USER, parts.SIGNATURE, parts.SECRET_SUB, parts.PUBLIC_SUB) for packet in ring)
        if not ring or not proven or goes_on(view):
            raise Malformed(hit.offset, "a key, and a user or signature")
        end = ring[-1].end
        starts = [index for index, packet in enumerate(ring) if packet.tag in (parts.SECRET, parts.PUBLIC)]
        for start, stop in list(zip(starts, [*starts[1:], len(ring)], strict=True))[:KEYS_TOLD]:
            yield _told(hit, ring[start:stop])
        yield Extent(0, end, "pgpkey", "packets follow each other as those of keys do")
        spare = [packet for packet in ring if packet.tag in (parts.PADDING, 60, 61, 62, 63)]
        for packet in spare[:ROOMS_MOST]:
            if told(view, packet.at, packet.end - packet.at):
                use = "padding" if packet.tag == parts.PADDING else "private"
                yield hit.finding(packet.at, packet.end - packet.at, Room("pgpkey", use))


def _told(hit: Hit, group: list[Packet]) -> Said:
    view, first = hit.view, group[0]
    data = view.exact(first.at, min(first.end - first.at, parts.BODY_MOST))
    key = parts.key(data, hit.offset + first.at)
    users = [packet for packet in group if packet.tag == parts.USER][:USERS_TOLD]
    secret = first.tag == parts.SECRET
    return hit.finding(
        first.start,
        group[-1].end - first.start,
        OpenPGPKey(
            version=key.version,
            algorithm=key.algorithm,
            size=key.size,
            curve=key.curve,
            created=unix(key.created),
            fingerprint=key.fingerprint,
            secret=secret,
            encrypted=secret and data[key.public_size : key.public_size + 1] not in (b"", b"\0"),
            users=tuple(_user(view, packet) for packet in users),
            subkeys=sum(packet.tag in (parts.SECRET_SUB, parts.PUBLIC_SUB) for packet in group),
            signatures=sum(packet.tag == parts.SIGNATURE for packet in group),
        ),
    )


def _user(view: View, packet: Packet) -> str:
    raw = view.read(packet.at, min(packet.end - packet.at, 256))
    text = raw.decode("utf-8", "replace")
    return text if text.isprintable() and "\ufffd" not in text else printable(raw)


class PGPProbe:
    """Finds messages and signatures anywhere."""

    name = "pgp"
    version = 1
    wakes_on = BEGINNINGS

    def score(self, view: View, /) -> int:
        """A whole packet, and another, or the end, behind it."""
        one = parts.packet(view, 0)
        if one is None:
            return 0
        following = view.read(one.end, 1)
        return int(following >= b"\x80" or (one.tag == parts.SIGNATURE and not following))

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        line: list[Packet] = []
        one = parts.packet(view, 0)
        kind, ended = "", False
        while one is not None and not ended and len(line) < parts.PACKETS_MOST:
            view.step()
            following = _follows(kind, one.tag, line)
            if following is None or not sound(view, one):
                break
            kind = following
            line.append(one)
            ended = not one.complete or (kind == "encrypted" and one.tag in parts.DATA)
            one = parts.packet(view, one.end) if not ended else None
        whole = bool(line) and (ended or kind == "signature" or (kind == "signed" and line[-1].tag == parts.SIGNATURE))
        if not line or (not whole and len(line) < 2) or goes_on(view):
            raise Malformed(hit.offset, "packets of a message")
        last = line[-1]
        sessions = [packet for packet in line if packet.tag == parts.SESSION]
        literal = next((packet for packet in line if packet.tag == parts.LITERAL), None)
        body = OpenPGPMessage(
            kind=kind,
            packets=len(line),
            recipients=tuple(view.read(packet.at + 1, 8).hex().upper() for packet in sessions[:RECIPIENTS_TOLD]),
            passphrases=sum(packet.tag == parts.SYMMETRIC for packet in line),
            literal_name=_literal(view, literal) if literal is not None else None,
            cut=not whole,
        )
        yield hit.finding(0, last.end, body)
        if whole and last.complete:
            yield Extent(0, last.end, "pgp", "packets follow each other as those of messages do")
        if kind == "encrypted" and last.complete and last.tag in parts.DATA:
            yield Closed(last.at, last.end - last.at, "encrypted OpenPGP message")


def _literal(view: View, packet: Packet) -> str | None:
    size = view.read(packet.at + 1, 1)
    return printable(view.read(packet.at + 2, size[0])) or None if size else None


def _follows(kind: str, tag: int, line: list[Packet]) -> str | None:
    """The kind of message so far, where a packet may come next; None: it may not."""
    last = line[-1].tag if line else 0
    if tag in (parts.MARKER, parts.PADDING):
        return kind or None
    if tag in (parts.SESSION, parts.SYMMETRIC):
        return "encrypted" if kind == "encrypted" or not line else None
    if tag in (parts.ENCRYPTED, parts.SEALED, parts.AEAD):
        return "encrypted" if kind == "encrypted" else None
    if tag == parts.ONE_PASS:
        return "signed" if not line or last == parts.ONE_PASS else None
    if tag in (parts.LITERAL, parts.COMPRESSED):
        return "signed" if last in (parts.ONE_PASS, parts.SIGNATURE) else None
    if tag == parts.SIGNATURE:
        if kind == "signed" and last in (parts.LITERAL, parts.SIGNATURE, parts.COMPRESSED):
            return "signed"
        return "signature" if not line or last == parts.SIGNATURE else None
    return None
