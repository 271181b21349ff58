"""A tolerant reader of manifests: elements, attributes and text, no entities but the five of XML and numbers.

Manifests are written by hand and by tools that do not escape. No document type is read, so that nothing expands; what
is not well-formed is read as far as it goes and told.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

DEPTH_MAX = 64  # elements in each other; what lies deeper is taken as if it lay there
ELEMENTS_MAX = 4096  # that are read

# A comment, CDATA, instruction, declaration, tag, or text: each alternative starts with what no other does and runs
# on without choices, so that time is linear.
_TOKEN = re.compile(
    r"<!--(?P<comment>.*?)(?:-->|\Z)|<!\[CDATA\[(?P<cdata>.*?)(?:\]\]>|\Z)|<\?.*?(?:\?>|\Z)|<!(?P<declared>\w*)[^>]*>?"
    r"|<(?P<close>/)?(?P<name>[A-Za-z_][^\s/>]*)(?P<rest>(?:[^>\"']+|\"[^\"]*\"|'[^']*')*+)(?P<end>>?)|(?P<text>[^<]+|<)",
    re.DOTALL,
)
# A name begins where none goes on: else a long name without a value would be tried from each of its characters.
_ATTRIBUTE = re.compile(r"(?<![^\s=\"'/<>])([^\s=\"'/<>]++)\s*+=\s*+(?:\"([^\"]*)\"|'([^']*)')")
_ENTITY = re.compile(r"&(?:#x([0-9A-Fa-f]{1,6})|#([0-9]{1,7})|(amp|lt|gt|quot|apos));")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_UNICODE_MAX = 0x10FFFF


@dataclass
class Element:
    """An element, its names without their prefix."""

    name: str
    path: tuple[str, ...]  # names of those it lies in, the outermost first
    attributes: dict[str, str]
    text: str = ""


@dataclass
class Scanned:
    """What was read of a manifest."""

    elements: list[Element] = field(default_factory=list)
    doctype: bool = False
    more: bool = False  # whether there are elements past the ceiling
    wrong: str | None = None  # why it is not well-formed: the first that was noticed


def scan(text: str, step: Callable[[int], None]) -> Scanned:
    """The elements of a text, in order."""
    found = Scanned()
    open_elements: list[Element] = []
    end = 0
    for token in _TOKEN.finditer(text):
        step(1)
        end = token.end()
        name = token["name"]
        if name is None:
            _between(token, found, open_elements)
        elif not token["end"]:
            found.wrong = found.wrong or f"a tag {name[:64]!r} without an end"
        elif token["close"]:
            _close(_local(name), found, open_elements)
        elif len(found.elements) >= ELEMENTS_MAX:
            found.more = True
            return found
        else:
            rest = token["rest"]
            values = {_local(key): unescaped(one or other) for key, one, other in _ATTRIBUTE.findall(rest)}
            path = tuple(element.name for element in open_elements)
            element = Element(_local(name), path, values)
            found.elements.append(element)
            if not rest.endswith("/") and len(open_elements) < DEPTH_MAX:
                open_elements.append(element)
    if open_elements:
        found.wrong = found.wrong or f"{open_elements[-1].name[:64]!r} is never closed"
    if not found.elements:
        found.wrong = found.wrong or f"no element in {end} characters"
    return found


def unescaped(text: str) -> str:
    """The text with the five named entities and numbered ones replaced; others stay as they are."""
    return _ENTITY.sub(_character, text) if "&" in text else text


def _between(token: re.Match[str], found: Scanned, open_elements: list[Element]) -> None:
    if (token["declared"] or "").upper() == "DOCTYPE":
        found.doctype = True
    raw = token["text"] if token["cdata"] is None else token["cdata"]
    if raw is None or not raw.strip(" \t\r\n\0\ufeff"):
        return
    if open_elements:
        open_elements[-1].text += raw if token["text"] is None else unescaped(raw)
    else:
        found.wrong = found.wrong or f"text outside of all elements: {raw.strip()[:32]!r}"


def _close(name: str, found: Scanned, open_elements: list[Element]) -> None:
    """Closes the innermost element of this name, and those in it that are still open."""
    for index in range(len(open_elements) - 1, -1, -1):
        if open_elements[index].name == name:
            if index != len(open_elements) - 1:
                found.wrong = found.wrong or f"{name[:64]!r} ends before {open_elements[-1].name[:64]!r}"
            del open_elements[index:]
            return
    found.wrong = found.wrong or f"{name[:64]!r} ends and was not begun"


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _character(match: re.Match[str]) -> str:
    hexadecimal, decimal, name = match.groups()
    if name:
        return _NAMED[name]
    code = int(hexadecimal, 16) if hexadecimal else int(decimal)
    return chr(code) if code <= _UNICODE_MAX else match[0]
