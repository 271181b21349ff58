"""Whether a head is text at all, by the encodings of the fold `text`."""

import codecs
import re

from rorqual.analyzers.formats.type_head import HEAD

BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\0\0", "utf-32-le"),
    (b"\0\0\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
ODD = re.compile("[\0-\x06\x0e-\x19\x1c-\x1f\x7f]")


def decode(data: bytes) -> str | None:
    """The head as text without its BOM, lines ending in LF; None where it is no text."""
    text = _decoded(data)
    if text is None or len(ODD.findall(text)) > len(text) // 256:
        return None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decoded(data: bytes) -> str | None:
    for bom, encoding in BOMS:
        if data.startswith(bom):
            return _partial(data[len(bom) :], encoding)
    if 0 in data:
        low, high = data[::2].count(0), data[1::2].count(0)
        if max(low, high) * 10 < len(data) * 4 or min(low, high) or len(data) % 2:
            return None
        return _partial(data, "utf-16-le" if high else "utf-16-be")
    text = _partial(data, "utf-8")
    if text is None and sum(byte >= 0x80 for byte in data[:512]) * 10 <= len(data[:512]) * 9:
        return data.decode("cp1252", "replace")
    return text


def _partial(data: bytes, encoding: str) -> str | None:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        return decoder.decode(data, len(data) < HEAD - 4)
    except UnicodeDecodeError:
        return None
