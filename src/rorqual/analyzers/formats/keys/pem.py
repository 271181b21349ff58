"""PEM: "-----BEGIN label-----", fields, base64, "-----END label-----"; keys, certificates, messages of OpenPGP.

RFC 7468, RFC 1421 and, for OpenPGP's armour, RFC 9580, section 6. The base64 is a child, and other probes look at that.
Of a private key no byte is told. Text around blocks is nobody's.
"""

import base64
import binascii
import re
from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.keys import PEM
from rorqual.analyzers.formats.strings import printable
from rorqual.sdk import Anomaly, Closed, Codec, Extent, Hit, Malformed, Region, Room, Said, View, frozen

LINE_MOST = 128  # characters of the first line
FIELDS_MOST = 8192  # characters of fields before the base64
READ = 64 << 10
SIZE_MOST = 64 << 20
BEGIN = re.compile(rb"-----BEGIN ([ -,.-~]{1,64})-----[ \t]*(\r\n|\n|\r)")
FIELD = re.compile(rb"([A-Za-z][A-Za-z0-9-]{0,63}): ?([^\r\n]*(?:(?:\r\n|\n)[ \t]+[^\r\n]+)*)(?:\r\n|\n|\r)")
BLANK = re.compile(rb"[ \t]*(?:\r\n|\n|\r)")
BODY = re.compile(rb"[A-Za-z0-9+/=\s]*")
SUM = re.compile(rb"[\r\n]=([A-Za-z0-9+/]{4})\s*$")
CLEAR = b"PGP SIGNED MESSAGE"
SIGNATURE = b"-----BEGIN PGP SIGNATURE-----"


@frozen
class PEMBlock:
    """A block. The finding spans it, with the end of its last line."""

    tag: ClassVar[str] = "pem_block"
    label: str
    fields: tuple[str, ...]  # names of fields before the base64
    decoded_size: int | None  # bytes; None: of text that is signed
    private: bool
    encrypted: bool
    checksum_holds: bool | None  # of OpenPGP's armour


class Pem:
    """Finds blocks anywhere."""

    name = "pem"
    version = 1
    wakes_on = PEM

    def score(self, view: View, /) -> int:
        """A whole first line."""
        return int(BEGIN.match(view.read(0, LINE_MOST)) is not None)

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        found = BEGIN.match(view.read(0, LINE_MOST))
        if found is None:
            raise Malformed(hit.offset, "the first line of a block")
        label = found[1]
        if label == CLEAR:
            yield from _signed_text(hit, found.end())
            return
        head = view.read(found.end(), FIELDS_MOST)
        names, at, rooms = _fields(head)
        body_at = found.end() + at
        end_line = b"-----END " + label + b"-----"
        body_end, sound = _body(view, body_at, end_line)
        if not sound:
            raise Malformed(hit.offset + body_end, f"base64 up to {printable(end_line)}")
        size = body_end + len(end_line)
        size += _line_end(view.read(size, 66))
        armoured = label.startswith(b"PGP ")
        decoded, sums = _measure(view.sub(body_at, body_end - body_at), armoured=armoured)
        if decoded == 0:
            raise Malformed(hit.offset + body_at, "base64")
        encrypted = label.startswith(b"ENCRYPTED ") or any(
            value.endswith(b"ENCRYPTED") for name, value in FIELD.findall(head[:at]) if name == b"Proc-Type"
        )
        format = "pgparmor" if armoured else "pem"
        private = b"PRIVATE KEY" in label
        text = printable(label)
        yield hit.finding(0, size, PEMBlock(text, names, decoded, private, encrypted, sums))
        proof = "base64 between the two lines" + (", CRC-24 holds" if sums else "")
        yield Extent(0, size, format, proof, "anywhere")
        if sums is False:
            yield hit.finding(body_at, body_end - body_at, Anomaly("armor_checksum_wrong", "CRC-24 does not hold"))
        for start, length in rooms:
            if length >= 8:
                yield hit.finding(found.end() + start, length, Room(format, "comment"))
        if encrypted and not label.startswith(b"ENCRYPTED "):
            yield Closed(body_at, body_end - body_at, "encrypted private key")
        else:
            yield Region(body_at, body_end - body_at, "pem-body", Codec("pem", decode), name=text)


def decode(view: View) -> Iterator[bytes]:
    """What the base64 stands for, up to the line that ends it or a checksum.

    Raises:
        Malformed: it is no base64.
    """
    left, at, ended = b"", 0, False
    while not ended:
        data = view.read(at, READ)
        if not data:
            break
        at += len(data)
        cut = data.find(b"-")
        data, ended = (data[:cut], True) if cut >= 0 else (data, False)
        more = left + b"".join(data.split())
        stop = more.find(b"=")
        if stop >= 0:  # padding ends it; what follows is a checksum
            more, ended = more[: stop + (-stop % 4)].ljust(-(-stop // 4) * 4, b"="), True
        whole = len(more) if ended else len(more) // 4 * 4
        try:
            piece = base64.b64decode(more[:whole], validate=True)
        except binascii.Error as error:
            raise Malformed(view.offset + at, f"base64 ({error})") from error
        left = more[whole:]
        if piece:
            yield piece


def _fields(head: bytes) -> tuple[tuple[str, ...], int, list[tuple[int, int]]]:
    """Names of fields, where the base64 begins, and (at, size) of comments."""
    names: list[str] = []
    rooms: list[tuple[int, int]] = []
    at = 0
    while (found := FIELD.match(head, at)) and len(names) < 32:
        names.append(printable(found[1]))
        if found[1] not in (b"Proc-Type", b"DEK-Info", b"Hash", b"Charset", b"MessageID"):
            rooms.append((found.start(2), found.end(2) - found.start(2)))
        at = found.end()
    while blank := BLANK.match(head, at):
        at = blank.end()
    return tuple(names), at, rooms


def _body(view: View, at: int, end_line: bytes) -> tuple[int, bool]:
    """Where the line is that ends a block, and whether all before it is base64."""
    start = at
    while at - start < SIZE_MOST:
        data = view.read(at, READ + len(end_line))
        stop = data.find(b"-----")
        found = BODY.match(data)
        last = found.end() if found is not None else 0
        if stop >= 0:
            return at + stop, last >= stop and data.startswith(end_line, stop)
        if last < len(data) or len(data) < READ + len(end_line):
            return at + last, False
        at += READ
        view.step()
    return at, False


def _line_end(data: bytes) -> int:
    """Characters from here to behind the end of the line, where nothing but blanks is on it."""
    found = BLANK.match(data)
    return found.end() if found is not None else 0


def _measure(view: View, *, armoured: bool) -> tuple[int, bool | None]:
    """Bytes that a block decodes to, and whether the checksum of armour holds; that only of what is not long."""
    data = view.read(0, READ)
    wanted = SUM.search(data) if armoured else None
    size, crc = 0, 0xB704CE
    for piece in decode(view):
        size += len(piece)
        if wanted is not None and len(data) < READ:
            view.step(len(piece) // 2)
            crc = _crc24(piece, crc)
    if wanted is None or len(data) == READ:
        return size, None
    return size, crc.to_bytes(3, "big") == base64.b64decode(wanted[1])


def _crc24(data: bytes, crc: int) -> int:
    for byte in data:
        crc ^= byte << 16
        for _ in range(8):
            crc = crc << 1 ^ (0x1864CFB if crc & 0x800000 else 0)
    return crc & 0xFFFFFF


def _signed_text(hit: Hit, start: int) -> Iterator[Said]:
    """Text in the clear, and the signature behind it, which is a block of its own."""
    view, at = hit.view, start
    while at - start < SIZE_MOST:
        data = view.read(at, READ + len(SIGNATURE))
        found = data.find(SIGNATURE)
        if found >= 0:
            at += found
            break
        if len(data) < READ + len(SIGNATURE):
            raise Malformed(hit.offset + at, "a signature")
        at += READ
    names = _fields(view.read(start, FIELDS_MOST))[0]
    yield hit.finding(0, at, PEMBlock(CLEAR.decode(), names, None, False, False, None))
    yield Extent(0, at, "pgparmor", "text up to its signature", "anywhere")
