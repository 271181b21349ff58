"""What stands in groups of an RTF document: hexadecimal data, and text.

Readers pass over everything in hexadecimal data that is no digit: white space, control words, whole groups that begin
with "\\*"; so that is done here. Objects are wrapped as in OLE 1 ([MS-OLEDS] 2.2).
"""

import re
from collections.abc import Iterator

from rorqual.sdk import Malformed, Part, View

READ = 64 << 10
LAP = 48
_TOKEN = re.compile(rb"\\bin(\d{1,10}) ?|\{\\\*|\\'..|\\[a-zA-Z]{1,32}-?\d{0,10} ?|\\[^a-zA-Z]|[{}]", re.DOTALL)
_NOT_HEX = bytes(byte for byte in range(256) if byte not in b"0123456789abcdefABCDEF")
_PLAIN = re.compile(rb"\\u(-?\d{1,5}) ?\??|\\'([0-9a-fA-F]{2})|\\([\\{}])|\\[a-zA-Z]+-?\d* ?|[{}\r\n]|\\.", re.DOTALL)
EMBEDDED = 2  # FormatID of an embedded object
OLE2 = b"\xd0\xcf\x11\xe0"


def hexadecimal(view: View, size: int) -> Iterator[bytes]:
    """The bytes that the view's first `size` bytes write, up to the end of their group."""
    at, depth, skipped, held = 0, 0, 0, b""
    while at < size:
        data = view.read(at, min(READ, size - at))
        if not data:
            return
        limit = len(data) - LAP if at + len(data) < size else len(data)
        last, jump = 0, -1
        for found in _TOKEN.finditer(data):
            if found.start() >= limit:
                break
            if not skipped:
                out, held = _digits(held + data[last : found.start()])
                if out:
                    yield out
            last = found.end()
            token = found[0]
            if token[:1] == b"{":
                depth += 1
                skipped = skipped or (depth if len(token) > 1 else 0)
            elif token == b"}":
                if depth == 0:
                    return
                skipped = 0 if skipped == depth else skipped
                depth -= 1
            elif found[1]:
                jump = int(found[1])
                break
        if jump < 0:
            end = max(last, limit)
            if not skipped:
                out, held = _digits(held + data[last:end])
                if out:
                    yield out
            at += end
            continue
        at += last
        stop = at + jump
        while at < stop and (raw := view.read(at, min(READ, stop - at))):
            at += len(raw)
            if not skipped:
                yield raw
        at = stop


def _digits(data: bytes) -> tuple[bytes, bytes]:
    digits = data.translate(None, _NOT_HEX)
    even = len(digits) & ~1
    return bytes.fromhex(digits[:even].decode("ascii")), digits[even:]


def tangled(data: bytes) -> bool:
    """Whether other than white space stands among the digits."""
    return bool(data.translate(None, b"0123456789abcdefABCDEF \r\n\t"))


def plain(data: bytes, code_page: int | None) -> str:
    """The text of a group without its control words."""
    codec = f"cp{code_page}" if code_page else "cp1252"
    out, last = [], 0
    for found in _PLAIN.finditer(data):
        out.append(data[last : found.start()].decode("latin-1"))
        last = found.end()
        if found[1]:
            out.append(chr(int(found[1]) & 0xFFFF))
        elif found[2]:
            out.append(_char(bytes.fromhex(found[2].decode("ascii")), codec))
        elif found[3]:
            out.append(found[3].decode("ascii"))
    out.append(data[last:].decode("latin-1"))
    made = "".join(out).strip().rstrip(";")
    return made.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _char(byte: bytes, codec: str) -> str:
    try:
        return byte.decode(codec, "replace")
    except LookupError:
        return byte.decode("latin-1")


def ole1(data: bytes, offset: int) -> tuple[str, int, tuple[Part, ...]]:
    """Class name, format and native data of an OLE 1 object, from its first bytes.

    Raises:
        Malformed: it is none.
    """
    format = int.from_bytes(data[4:8], "little")
    name, at = _counted(data, 8, offset)
    if format != EMBEDDED:
        return name, format, ()
    _, at = _counted(data, at, offset)
    _, at = _counted(data, at, offset)
    size = int.from_bytes(data[at : at + 4], "little")
    if len(data) < at + 4 or not size:
        raise Malformed(offset, "native data")
    at += 4
    if data[at : at + 4] == OLE2:
        return name, format, (Part(at, size, None),)
    return name, format, package(data[at:], at) if name.lower() == "package" else ()


def package(data: bytes, base: int) -> tuple[Part, ...]:
    """The file in the native data of a package: label, path, type, path of a copy, then size and bytes."""
    at = 2
    for _ in range(2):
        at = data.find(b"\0", at) + 1
        if at == 0:
            return ()
    label = data[2 : data.find(b"\0", 2)].decode("latin-1")[:256]
    at += 4
    size = int.from_bytes(data[at : at + 4], "little")
    if size > 4096 or len(data) < at + 8 + size:
        return ()
    at += 4 + size
    size = int.from_bytes(data[at : at + 4], "little")
    return (Part(base + at + 4, size, label),) if size else ()


def _counted(data: bytes, at: int, offset: int) -> tuple[str, int]:
    size = int.from_bytes(data[at : at + 4], "little")
    if size > 4096 or len(data) < at + 4 + size:
        raise Malformed(offset, "a name of an OLE 1 object")
    return data[at + 4 : at + 4 + size].rstrip(b"\0").decode("latin-1")[:256], at + 4 + size
