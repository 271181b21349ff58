"""Embedded OpenType fonts: a header with names, and a TrueType font, as it is, packed or under an XOR of 50.

https://www.w3.org/submissions/EOT/. What MTX has packed is not decoded.
"""

from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.images.walking import Found, as_it_is, latin
from rorqual.sdk import Anchor, Codec, Extent, Hit, Malformed, Region, Said, View, frozen

FIXED = 82  # bytes before the names
COMPRESSED, ENCRYPTED = 0x4, 0x10000000
VERSIONS = (0x00010000, 0x00020001, 0x00020002)
KEY = 0x50
CEILING = 1 << 28
READ = 64 << 10
STARTS = (b"\0\1\0\0", b"true", b"OTTO", b"ttcf")


@frozen
class EOTFont:
    """A font; the finding spans header and font data."""

    tag: ClassVar[str] = "eot_font"
    version: str
    family: str
    style: str
    version_name: str
    full_name: str
    root: str  # addresses that may use it
    compressed: bool
    encrypted: bool
    embedding: int  # fsType: 0 installable, 2 restricted, 4 preview and print, 8 editable
    data: int  # bytes of the font


class EOT:
    """Finds embedded OpenType fonts anywhere."""

    name = "eot"
    version = 1
    wakes_on = (
        Anchor(
            rb"[\x00\x01\x02]\x00[\x01\x02]\x00[\x00-\xff]{4}[\x00-\xff]{10}[\x00-\xff][\x00\x01][\x00-\xff]{2}\x00\x00"
            rb"[\x00-\xff]{2}LP",
            back=8,
        ),
    )

    def score(self, view: View, /) -> int:
        """The font is shorter than the file, and what is reserved is zero."""
        head = view.read(0, FIXED)
        if len(head) < FIXED or head[64:82].strip(b"\0"):
            return 0
        size, data = int.from_bytes(head[:4], "little"), int.from_bytes(head[4:8], "little")
        return int(int.from_bytes(head[8:12], "little") in VERSIONS and FIXED < data + FIXED < size < CEILING)

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view, found = hit.view, Found("eot")
        head = view.exact(0, FIXED)
        size, data, version, flags = (int.from_bytes(head[at : at + 4], "little") for at in range(0, 16, 4))
        names, at = [], FIXED
        for _ in range(4):
            text, at = _name(view, at)
            names.append(text)
            at += 2
        root = ""
        if version >= 0x00020001:
            root, at = _name(view, at)
            if version == 0x00020002:
                at += 8
                signature = int.from_bytes(view.exact(at, 2), "little")
                found.room(at + 2, signature, "private")
                at += 2 + signature + 4
                block = int.from_bytes(view.exact(at, 4), "little")
                at += 4 + min(block, CEILING)
        if at - 2 > size - data:
            raise Malformed(hit.offset + at, f"names before the font at {size - data}")
        begins = size - data
        start = view.exact(begins, 4)
        encrypted, compressed = bool(flags & ENCRYPTED), bool(flags & COMPRESSED)
        if encrypted:
            start = bytes(one ^ KEY for one in start)
        if not compressed and start not in STARTS:
            raise Malformed(hit.offset + begins, "a TrueType font")
        present = view.within(0, size)
        body = EOTFont(
            version=f"{version >> 16}.{version & 0xFFFF}",
            family=names[0],
            style=names[1],
            version_name=names[2],
            full_name=names[3],
            root=root,
            compressed=compressed,
            encrypted=encrypted,
            embedding=int.from_bytes(head[32:34], "little"),
            data=data,
        )
        yield hit.finding(0, present, body)
        if present < size:
            return
        if begins > at:
            found.room(at, begins - at, "slack")
        if encrypted and not compressed:
            found.child(Region(begins, data, "eot-font", Codec("eot-xor", _decrypt(data)), name=names[3]))
        elif not compressed:
            found.child(as_it_is(begins, data, "eot-font", names[3]))
        yield Extent(0, size, "eot", "names lead to a font, which fills the size in the header")
        yield from found.said(hit)


def _name(view: View, at: int) -> tuple[str, int]:
    """A text in UTF-16 with its size before it, and where it ends."""
    size = int.from_bytes(view.exact(at, 2), "little")
    if size % 2:
        raise Malformed(view.offset + at, "an even size of a name")
    data = view.exact(at + 2, size) if size else b""
    return latin(data.decode("utf-16-le", "replace").encode("latin-1", "replace")), at + 2 + size


class _Decrypting:
    """The font, of so many bytes, decoded."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._table = bytes(one ^ KEY for one in range(256))

    def __call__(self, view: View) -> Iterator[bytes]:
        for at in range(0, self._size, READ):
            yield view.read(at, min(READ, self._size - at)).translate(self._table)


def _decrypt(size: int) -> _Decrypting:
    return _Decrypting(size)
