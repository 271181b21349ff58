"""Values as PDF writes them (ISO 32000-1, 7.2 and 7.3): names, strings, numbers, arrays, dictionaries, references."""

import re
from typing import NamedTuple

from rorqual.sdk import Malformed

SPACE = b"\0\t\n\x0c\r "
DEEPEST = 64  # nested arrays and dictionaries
MOST_ITEMS = 65_536  # values in one object
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\x0c"}
_TOKEN = re.compile(
    rb"[\0\s]+|%[^\r\n]*"
    rb"|(?P<ref>\d{1,10}[\0\s]+\d{1,5}[\0\s]+R(?![A-Za-z0-9]))"
    rb"|(?P<name>/[^\0\t\n\x0c\r ()<>\[\]{}/%]*)"
    rb"|(?P<open><<|\[)|(?P<close>>>|\])"
    rb"|(?P<hex><[0-9A-Fa-f\0\t\n\x0c\r ]*>)"
    rb"|(?P<plain>\([^()\\\r]*\))|(?P<string>\()"
    rb"|(?P<number>[+-]*(?:\d+\.?\d*|\.\d+)[-\d]*)|(?P<word>[A-Za-z'\"*][A-Za-z0-9'\"*]*)"
)
_STRING = re.compile(rb"\\(?:([0-7]{1,3})|(\r\n|\r|\n)|(.))|(\r\n?)|([()])", re.DOTALL)
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
WORDS: dict[bytes, object] = {b"true": True, b"false": False, b"null": None}


class Name(str):
    """A name, without its slash and with its #-escapes undone."""

    __slots__ = ()


class Ref(NamedTuple):
    """A reference to an indirect object."""

    number: int
    generation: int


def name_of(raw: bytes) -> Name:
    """The name that is written so, without the slash."""
    if b"#" in raw:
        raw = _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), raw)
    return Name(raw.decode("latin-1"))


def hex_bytes(raw: bytes) -> bytes:
    """A hexadecimal string; an odd last digit stands for itself and a zero (7.3.4.3)."""
    digits = raw.translate(None, SPACE)
    return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii"))


def literal(data: bytes, at: int, base: int) -> tuple[bytes, int]:
    """The string whose opening parenthesis is at `at`, and where what follows it begins."""
    out, depth, last = [], 0, at
    for found in _STRING.finditer(data, at):
        out.append(data[last : found.start()])
        last = found.end()
        octal, broken, sign, line, bracket = found.groups()
        if octal:
            out.append(bytes([int(octal, 8) & 0xFF]))
        elif broken:
            pass
        elif sign:
            out.append(_ESCAPES.get(sign, sign))
        elif line:
            out.append(b"\n")
        else:
            depth += 1 if bracket == b"(" else -1
            if depth == 0:
                return b"".join(out)[1:], last
            out.append(bracket)
    raise Malformed(base + at, "a string that ends")


def parse(data: bytes, at: int = 0, base: int = 0) -> tuple[object, int]:
    """The value at `at`, and where what follows it begins.

    Raises:
        Malformed: there is none; `base` is the offset of `data` in the source.
    """
    stack: list[tuple[bytes, list[object]]] = []
    items = 0
    while True:
        token = _TOKEN.match(data, at)
        if token is None:
            raise Malformed(base + at, "a PDF value")
        at = token.end()
        kind, raw = token.lastgroup, token[0]
        value: object
        match kind:
            case None:
                continue
            case "open":
                if len(stack) == DEEPEST:
                    raise Malformed(base + at, f"at most {DEEPEST} nested values")
                stack.append((raw, []))
                continue
            case "close":
                if not stack or (raw == b"]") != (stack[-1][0] == b"["):
                    raise Malformed(base + at, "brackets that match")
                opened, held = stack.pop()
                value = held if opened == b"[" else _dictionary(held)
            case "ref":
                number, generation, _ = raw.split()
                value = Ref(int(number), int(generation))
            case "name":
                value = name_of(raw[1:])
            case "hex":
                value = hex_bytes(raw[1:-1])
            case "plain":
                value = raw[1:-1]
            case "string":
                value, at = literal(data, at - 1, base)
            case "number":
                value = _number(raw)
            case _:
                if raw not in WORDS and not stack:
                    raise Malformed(base + at, "a PDF value")
                value = WORDS.get(raw)
        if not stack:
            return value, at
        stack[-1][1].append(value)
        items += 1
        if items > MOST_ITEMS:
            raise Malformed(base + at, f"at most {MOST_ITEMS} values in one object")


def dictionary(data: bytes, at: int = 0, base: int = 0) -> dict[str, object]:
    """The dictionary at `at`; an empty one stands for any other value.

    Raises:
        Malformed: no value is there.
    """
    value, _ = parse(data, at, base)
    return value if isinstance(value, dict) else {}


def text(value: object, most: int = 256) -> str | None:
    """A text string (7.9.2.2) cut at `most` characters; None for other values."""
    if not isinstance(value, bytes):
        return None
    if value.startswith(b"\xfe\xff"):
        return value[2 : 2 + 2 * most].decode("utf-16-be", "replace")
    if value.startswith(b"\xef\xbb\xbf"):
        return value[3 : 3 + 4 * most].decode("utf-8", "replace")[:most]
    return value[:most].decode("latin-1")


def _dictionary(held: list[object]) -> dict[str, object]:
    """Keys and values in turn; a key that stands twice has its first value here, as readers differ."""
    made: dict[str, object] = {}
    for key, value in zip(held[::2], held[1::2], strict=False):
        if isinstance(key, Name):
            made.setdefault(str(key), value)
    return made


def _number(raw: bytes) -> int | float:
    signed = raw.lstrip(b"+-")
    if signed.isdigit():
        whole = int(signed[:18])
        return -whole if raw.startswith(b"-") else whole
    head = signed.split(b"-")[0]  # readers take 12-3 for 12
    number = float(head) if head.strip(b".") else 0.0
    return -number if raw.startswith(b"-") else number
