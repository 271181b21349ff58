"""PDF documents of a few objects, with a table of offsets that holds."""

import zlib


def pdf(
    *objects: bytes,
    header: bytes = b"%PDF-1.4\n",
    base: int = 0,
    trailer: bytes = b"/Root 1 0 R",
    between: dict[int, bytes] | None = None,
    end: bytes = b"%%EOF\n",
) -> bytes:
    """Objects 1, 2, … in turn; `base` is what offsets count from, `between` what stands before an object's number."""
    out = bytearray(header)
    places = []
    for number, body in enumerate(objects, 1):
        out += (between or {}).get(number, b"")
        places.append(len(out) + base)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out) + base
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(out) + b"trailer\n<</Size %d%s>>\nstartxref\n%d\n%s" % (len(objects) + 1, trailer, start, end)


def stream(data: bytes, said: bytes = b"", *, length: int | None = None) -> bytes:
    """A stream's object."""
    return b"<</Length %d%s>>\nstream\n%s\nendstream" % (len(data) if length is None else length, said, data)


def flate(data: bytes, said: bytes = b"") -> bytes:
    """The same, compressed."""
    return stream(zlib.compress(data, 9), b"/Filter/FlateDecode" + said)


CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
PAGES = b"<</Type/Pages/Count 1/Kids[3 0 R]>>"
PAGE = b"<</Type/Page/Parent 2 0 R/Contents 4 0 R>>"
PAINT = stream(b"BT/F 12 Tf(whale)' ET")
PLAIN = (CATALOG, PAGES, PAGE, PAINT)
