"""What a source is, by its first bytes and a handful of places further in; never by its name.

Magic numbers suggest, structure decides: a magic below 4 bytes counts only with a check that looks at the
fields behind it. The best proof wins, at equal proof the earlier row of the table. What no signature
explains may be text, of a kind that declares itself (a shebang, a doctype) or that is known by its habits;
whether the *whole* source is text is told by the fold `text`, and the judge `file-type` joins the two.

Read: the first 4 KiB, and places up to 64 KiB that a signature names (ISO 9660 at 0x8001, Btrfs at
0x10040); beyond that only what a header points at (an ELF's dynamic section, the directory of an OLE2
document, the next local header of a ZIP), each with a ceiling. Deliberately not here: formats known only at
their end (DMG, a fixed VHD, ID3v1), which wake on "end", and everything behind a first structure
(polyglots, self-extracting archives).
"""

from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.type_archives import tar
from rorqual.analyzers.formats.type_decoded import decode
from rorqual.analyzers.formats.type_head import Guess, Head
from rorqual.analyzers.formats.type_images import tga
from rorqual.analyzers.formats.type_signatures import Signature, checks, further_in, that_begin_with
from rorqual.sdk import Anchor, Finding, Hit, Kind, Malformed, View, frozen

SURE = 0.9  # from here on nothing further in is looked at


@frozen
class TypeCandidate:
    """What the start of a source looks like. The finding's size is that of the head that was looked at."""

    tag: ClassVar[str] = "type_candidate"
    format: str  # a row of the table of formats, variants included
    confidence: float
    proof: str  # a step of the scale in type_head.py


class FileTypeProbe:
    """Names the format of a source from its start."""

    name = "type"
    version = 1
    wakes_on: tuple[Anchor | Kind, ...] = (Kind("start"),)

    def score(self, view: View, /) -> int:
        """Every source has a type."""
        return 1

    def examine(self, hit: Hit, /) -> Iterator[Finding]:
        """One TypeCandidate."""
        head = Head(hit.view)
        guess = identify(head)
        yield hit.finding(0, len(head.data), TypeCandidate(guess.format, guess.confidence, guess.proof))


def identify(head: Head) -> Guess:
    """The best guess there is."""
    data = head.data
    if not data:
        return Guess("empty", "empty")
    best: Guess | None = None
    for row in that_begin_with(data[0]):
        if row.matches(data[: len(row.magic)]):
            best = _better(best, _confirmed(row, head))
    if best is not None and best.confidence >= SURE:
        return best
    text = decode(data)
    if text is None and data.startswith(b"#!"):
        text = decode(data.partition(b"\n")[0])  # scripts carry archives
    if best is None and text is not None:
        from rorqual.analyzers.formats.type_text import kind_of  # noqa: PLC0415 - patterns that only text need load

        return kind_of(text, whole=len(data) < 4096)
    for row in further_in():
        if row.matches(head.read(row.at, len(row.magic))):
            best = _better(best, _confirmed(row, head))
    if best is not None:
        return best
    return tar(head) or tga(head) or Guess("data", "none")


def _better(best: Guess | None, other: Guess | None) -> Guess | None:
    if best is None or (other is not None and other.confidence > best.confidence):
        return other
    return best


def _confirmed(row: Signature, head: Head) -> Guess | None:
    if row.check:
        try:
            return checks()[row.check](head)
        except Malformed:
            return None
    return Guess(row.format, "long magic" if len(row.magic) >= 8 else "magic")
