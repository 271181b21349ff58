"""Headers of mail, and the encodings of its parts (RFC 5322, RFC 2045 to 2047, RFC 2231)."""

import binascii
import quopri
import re
from collections.abc import Iterator

from rorqual.sdk import Malformed, View

READ = 64 << 10
LONGEST = 256  # characters of a header's text
MOST_HEADER = 128 << 10
HEADER_LINE = re.compile(rb"([!-9;-~]{1,76}):[ \t]*([^\r\n]*(?:\r?\n[ \t][^\r\n]*)*)(?:\r\n|\n|\r|\Z)")
_PARAMETER = re.compile(r"""([\w!#$%&'*+.^`|~-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;"]+))""")
_WORD = re.compile(r"=\?([\w-]+)(?:\*[\w-]+)?\?([bBqQ])\?([^?]*)\?=(?:\s+(?==\?))?")
_NOT_BASE64 = bytes(
    code for code in range(256) if code not in b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
)

Headers = list[tuple[str, str]]


def headers(data: bytes, at: int = 0) -> tuple[Headers, int]:
    """Names (lower case) and unfolded values from `at` on, and where the body begins; it begins behind a blank line."""
    made: Headers = []
    while found := HEADER_LINE.match(data, at):
        value = re.sub(rb"[\r\n]+[ \t]", b" ", found[2])
        made.append((found[1].decode("ascii").lower(), value.decode("utf-8", "replace").strip()))
        at = found.end()
    blank = re.compile(rb"\r\n|\n|\r").match(data, at)
    return made, blank.end() if blank else at


def value_of(all_headers: Headers, name: str) -> str:
    """The first header of this name; empty where there is none."""
    return next((value for key, value in all_headers if key == name), "")


def parameters(value: str) -> dict[str, str]:
    """Parameters of a structured header, those in pieces or with a character set put together."""
    raw: dict[str, str] = {}
    for name, quoted, bare in _PARAMETER.findall(value.partition(";")[2]):
        raw.setdefault(name.lower(), re.sub(r"\\(.)", r"\1", quoted) if quoted else bare)
    made: dict[str, str] = {}
    for name, written in raw.items():
        key, star, _ = name.partition("*")
        if not star:
            made.setdefault(key, words(written))
        elif key not in made:
            parts = [one for one in sorted(raw) if one.startswith(f"{key}*")]
            text = "".join(raw[one] for one in parts)
            made[key] = _percent(text) if any(one.endswith("*") for one in parts) else text
    return made


def _percent(value: str) -> str:
    charset, _, rest = value.partition("'")
    text = rest.partition("'")[2] if "'" in rest else value
    data = re.sub(rb"%([0-9A-Fa-f]{2})", lambda found: bytes([int(found[1], 16)]), text.encode("utf-8"))
    return _decoded(data, charset or "utf-8")


def words(value: str) -> str:
    """Text with its encoded words (RFC 2047) decoded."""

    def plain(found: re.Match[str]) -> str:
        raw = found[3].encode("utf-8")
        if found[2] in "bB":
            data = binascii.a2b_base64(raw.translate(None, _NOT_BASE64 + b"=") + b"==")
        else:
            data = quopri.decodestring(raw, header=True)
        return _decoded(data, found[1])

    try:
        return _WORD.sub(plain, value)
    except binascii.Error:
        return value


def _decoded(data: bytes, charset: str) -> str:
    try:
        return data.decode(charset, "replace")
    except LookupError:
        return data.decode("latin-1")


def base64(view: View, size: int) -> Iterator[bytes]:
    """The bytes that `size` bytes of base64 write; what is no digit is passed over, padding ends it.

    Raises:
        Malformed: nothing is there.
    """
    held, at = b"", 0
    while at < size and (data := view.read(at, min(READ, size - at))):
        at += len(data)
        held += data.translate(None, _NOT_BASE64)
        end = held.find(b"=")
        if end >= 0:
            held = held[:end]
            break
        whole = len(held) & ~3
        if whole:
            yield binascii.a2b_base64(held[:whole])
        held = held[whole:]
    rest = len(held) & ~3
    if rest:
        yield binascii.a2b_base64(held[:rest])
    held = held[rest:]
    if len(held) == 1:
        raise Malformed(view.offset + at, "a whole group of base64")
    if held:
        yield binascii.a2b_base64(held + b"=" * (4 - len(held)))


def quoted_printable(view: View, size: int) -> Iterator[bytes]:
    """The bytes that `size` bytes of quoted-printable write."""
    held, at = b"", 0
    while at < size and (data := view.read(at, min(READ, size - at))):
        at += len(data)
        held += data
        cut = held.rfind(b"\n") + 1
        if cut:
            yield binascii.a2b_qp(held[:cut])
            held = held[cut:]
        elif len(held) > READ:
            cut = len(held) - 3 - held[-3:].count(b"=")
            cut = held.rfind(b"=", cut - 3, cut) if held.rfind(b"=", cut - 3, cut) > 0 else cut
            yield binascii.a2b_qp(held[:cut])
            held = held[cut:]
    if held:
        yield binascii.a2b_qp(held)
