"""ICC colour profiles: a header of 128 bytes with "acsp" at 36, a table of tags, their data; big-endian.

ICC.1:2022 section 7. What the tags hold is not looked into, but for the description.
"""

from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.images.walking import Found, gaps, latin
from rorqual.sdk import Anchor, Extent, Hit, Malformed, Said, View, frozen

HEADER, ENTRY = 128, 12
MOST = 256  # tags
CEILING = 64 << 20
CLASSES = (b"scnr", b"mntr", b"prtr", b"link", b"spac", b"abst", b"nmcl", b"cenc", b"mid ", b"mlnk", b"mvis")
SPACES = frozenset(
    (b"XYZ ", b"Lab ", b"Luv ", b"YCbr", b"Yxy ", b"LMS ", b"RGB ", b"GRAY", b"HSV ", b"HLS ", b"CMYK", b"CMY ")
)
KNOWN = frozenset(
    b"A2B0 A2B1 A2B2 A2B3 B2A0 B2A1 B2A2 B2A3 B2D0 B2D1 B2D2 B2D3 D2B0 D2B1 D2B2 D2B3 rXYZ gXYZ bXYZ rTRC "
    b"gTRC bTRC kTRC bkpt wtpt cprt desc dmnd dmdd lumi meas chad chrm cicp clro clrt clot ciis gamt meta "
    b"ncl2 pre0 pre1 pre2 pseq psid resp rig0 rig2 targ tech view vued calt devs crdi scrd scrn ps2s ps2i "
    b"psd0 psd1 psd2 psd3 vcgt mmod ndin aarg aagg aabg aapy DevS CIED arts".split()
) | {b"bfd "}
TEXTS = (b"cprt", b"desc", b"dmnd", b"dmdd", b"targ", b"meta", b"vued", b"scrd", b"DevS", b"CIED")
D50 = 0x0000F6D6_00010000_0000D32D


@frozen
class ICCProfile:
    """A profile; the finding spans it as far as it is there."""

    tag: ClassVar[str] = "icc_profile"
    version: str
    device_class: str
    colour_space: str
    connection_space: str
    creator: str
    created: str
    description: str | None
    tags: int
    stated: int  # bytes, in the header


class ICC:
    """Finds colour profiles anywhere."""

    name = "icc"
    version = 1
    wakes_on = (
        Anchor(
            rb"acsp[\x00-\xff]{8}[\x00-\xff]{16}\x00\x00\x00[\x00-\x03]\x00\x00[\x00-\xff]{2}\x00[\x00\x01]", back=36
        ),
    )

    def score(self, view: View, /) -> int:
        """Class and colour space are those there are."""
        head = view.read(0, 24)
        return int(len(head) == 24 and head[12:16] in CLASSES and _space(head[16:20]) and _space(head[20:24]))

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view, found = hit.view, Found("icc")
        head = view.exact(0, HEADER + 4)
        stated, count = int.from_bytes(head[:4], "big"), int.from_bytes(head[HEADER:], "big")
        if not HEADER + 4 <= stated <= CEILING or count > MOST or head[8] > 5:
            raise Malformed(hit.offset, "a size and tags of a profile")
        month, day, hour = (int.from_bytes(head[at : at + 2], "big") for at in (26, 28, 30))
        if month > 12 or day > 31 or hour > 24:
            raise Malformed(hit.offset + 24, "a date")
        table = view.exact(HEADER + 4, ENTRY * count)
        spans, end, description = [(0, HEADER + 4 + len(table))], HEADER + 4 + len(table), None
        for at in range(0, len(table), ENTRY):
            view.step()
            start, size = int.from_bytes(table[at + 4 : at + 8], "big"), int.from_bytes(table[at + 8 : at + 12], "big")
            if start < HEADER or start + size > stated:
                raise Malformed(hit.offset + HEADER + 4 + at, f"a tag within {stated} bytes")
            spans.append((start, start + (size + 3 & ~3)))
            end = max(end, start + size)
            name = table[at : at + 4]
            typed = view.read(start, 8)[4:] == bytes(4)  # every type has four zeros behind its name
            if name not in KNOWN or not typed:
                found.room(start, size, "private")
            elif name in TEXTS:
                found.room(start, size, "metadata")
            if name == b"desc":
                description = _description(view.read(start, min(size, 512)))
        whole = view.holds(stated - 1)
        if not count and head[68:80] != D50.to_bytes(12, "big"):
            raise Malformed(hit.offset + 68, "the illuminant D50")
        year = int.from_bytes(head[24:26], "big")
        body = ICCProfile(
            version=f"{head[8]}.{head[9] >> 4}.{head[9] & 15}",
            device_class=latin(head[12:16]),
            colour_space=latin(head[16:20]),
            connection_space=latin(head[20:24]),
            creator=latin(head[80:84]),
            created=f"{year:04}-{month:02}-{day:02}",
            description=description,
            tags=count,
            stated=stated,
        )
        size = stated if whole else end
        present = view.within(0, size)
        yield hit.finding(0, present, body)
        if present < size:
            return
        if not whole:
            found.anomaly(0, 4, "icc_size_wrong", f"{stated} bytes stated, {end} described")
        for at, length in gaps(spans, size):
            found.room(at, length, "unused")
        proof = f"header and {count} tags within {stated} bytes" if whole else f"header and {count} tags"
        yield Extent(0, size, "icc", proof)
        yield from found.said(hit)


def _space(name: bytes) -> bool:
    """Whether it is a colour space; those of many colours are called "2CLR" to "FCLR"."""
    return name in SPACES or name[1:] == b"CLR" or name[:2] in (b"nc", b"MC") or name == b"\0\0\0\0"


def _description(data: bytes) -> str | None:
    """The text of a description: of ASCII, or of several languages."""
    if data[:4] == b"desc":
        return latin(data[12 : 12 + int.from_bytes(data[8:12], "big")]) or None
    if data[:4] == b"mluc" and len(data) >= 28:
        size, at = int.from_bytes(data[20:24], "big"), int.from_bytes(data[24:28], "big")
        return latin(data[at : at + size].decode("utf-16-be", "replace").encode("latin-1", "replace")) or None
    return None
