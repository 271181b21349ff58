"""The groups of an RTF document, from the opening brace to the closing one (RTF 1.9.1, "RTF syntax")."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from rorqual.analyzers.formats.documents.scanner import BLOCK
from rorqual.sdk import View

DEEPEST = 4096  # groups within groups; readers give up long before
LONGEST_WORD = 64  # bytes of a control word with its number: 32 letters are allowed
MOST_NOTED = 4096
FIRST = 4 << 10
TOKEN = re.compile(
    rb"([{}])|(\\\*\s{0,2})?\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'..|\\[^a-zA-Z]",
    re.DOTALL,
)
TEXTS = ("title", "subject", "author", "operator", "company", "generator", "template", "objclass", "objname")
BLIPS = ("emfblip", "pngblip", "jpegblip", "macpict", "pmmetafile", "wmetafile", "dibitmap", "wbitmap")


@dataclass(slots=True)
class Group:
    """A destination that is noted: text, a picture, an object's data, or one that readers pass over."""

    word: str
    at: int  # of its opening brace
    data: int  # where what follows the control word begins
    end: int = 0  # of its closing brace
    blip: str = ""
    bins: list[tuple[int, int]] = field(default_factory=list)  # place and size of binary data


@dataclass(slots=True)
class Groups:
    """All that was met."""

    end: int = 0  # behind the closing brace; 0: it never closes
    noted: list[Group] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)  # control words of interest
    code_page: int | None = None
    seen: int = 0  # behind the last token
    groups: int = 0
    deepest: int = 0
    short: tuple[int, int, int] | None = None  # place, size said, size there, of binary data that is cut
    stray: list[tuple[int, int]] = field(default_factory=list)  # binary data outside of pictures and objects


_COUNTED = (
    "object objemb objlink objautlink objupdate objocx pict field v webhidden bin objdata ddeauto dde html fromhtml "
    "pichgoal datafield"
)
COUNTED = frozenset(_COUNTED.split())
NOTED = frozenset((*TEXTS, "pict", "objdata"))
INTERESTING = frozenset(word.encode("ascii") for word in (*COUNTED, *NOTED, *BLIPS, "ansicpg", "bin"))


def walk(view: View, known: frozenset[str]) -> Groups:
    """Walks from the opening brace; ignorable destinations not `known` are noted as well."""
    made = Groups()
    open_groups: list[tuple[int, Group | None]] = []
    for at, found in _tokens(view, made):
        if found[3]:
            word = found[3].decode("ascii")
            number = int(found[4]) if found[4] else None
            foreign = found[2] is not None and word not in known
            _word(made, open_groups, at=at, size=len(found[0]), word=word, number=number, foreign=foreign)
        elif found[1] == b"{":
            made.groups += 1
            open_groups.append((at, None))
            made.deepest = max(made.deepest, len(open_groups))
            if len(open_groups) > DEEPEST:
                return made
        else:
            _, group = open_groups.pop()
            if group is not None:
                group.end = at
            if not open_groups:
                made.end = at + 1
                return made
    return made


def _word(
    made: Groups,
    open_groups: list[tuple[int, Group | None]],
    *,
    at: int,
    size: int,
    word: str,
    number: int | None,
    foreign: bool,
) -> None:
    opened, group = open_groups[-1]
    if word in COUNTED:
        made.counts[word] = made.counts.get(word, 0) + (1 if number != 0 else 0)
    if word == "ansicpg" and made.code_page is None:
        made.code_page = number
    elif word == "bin":
        holder = next((one for _, one in reversed(open_groups) if one is not None), None)
        place = at + size, max(0, number or 0)
        if holder is not None and holder.word in ("pict", "objdata"):
            holder.bins.append(place)
        elif len(made.stray) < MOST_NOTED:
            made.stray.append(place)
    elif word in BLIPS:
        holder = next((one for _, one in reversed(open_groups) if one is not None), None)
        if holder is not None and holder.word == "pict":
            holder.blip = holder.blip or word
    elif group is None and len(made.noted) < MOST_NOTED and (word in NOTED or foreign):
        group = Group(word, opened, at + size)
        open_groups[-1] = (opened, group)
        made.noted.append(group)


def _tokens(view: View, made: Groups) -> Iterator[tuple[int, re.Match[bytes]]]:
    """Place and match of braces and of control words of interest; binary data are stepped over."""
    at, size = 0, FIRST
    while True:
        data = view.read(at, size)
        if not data:
            return
        whole = len(data) == size
        limit = len(data) - LONGEST_WORD if whole else len(data)
        size = min(BLOCK, 2 * size)
        last = count = 0
        jump = None
        for found in TOKEN.finditer(data):
            start = found.start()
            if start >= limit:
                break
            last = found.end()
            count += 1
            if found[1] is None and found[3] not in INTERESTING and found[2] is None:
                continue
            made.seen = at + last
            yield at + start, found
            if found[3] == b"bin" and (number := int(found[4] or 0)) > 0:
                there = view.within(at + last, number)
                if there < number:
                    made.short = (at + last, number, there)
                    return
                jump = at + last + number
                break
        view.step(count)
        if jump is not None:
            at, size = jump, FIRST
        elif whole:
            at += max(last, limit)
        else:
            return
