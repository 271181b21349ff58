"""The one type of a source: what its start looks like, and whether the whole of it is text.

A kind of text that its start declares (a shebang, a doctype) stays even if the rest is not text, at half
the confidence: scripts carry archives. One that was only known by its habits does not: then the source is
data. A source that the probe did not know and that is text to its end is text.
"""

from collections.abc import Iterable, Iterator

from rorqual.analyzers.folds.text import Text
from rorqual.analyzers.formats.type import TypeCandidate
from rorqual.sdk import Body, FileType, Finding, Place, format_of

# Of a kind of text by its proof, once the whole source is known to be text.
CONFIRMED = {"habits": 0.75}
DECLARED_AND_TEXT = 0.95  # so is text that nobody says more of
EIGHT_BIT = 0.8  # nothing but the absence of control characters speaks for an 8-bit encoding
DECLARED = 0.5  # the start says so, the rest is not text
UNKNOWN = 0.1


class TypeJudge:
    """Joins the probe's candidate with what the fold says of the whole source."""

    name = "file-type"
    version = 1
    reads: frozenset[type[Body]] = frozenset({TypeCandidate, Text})
    says: frozenset[type[Body]] = frozenset({FileType})

    def weigh(self, findings: Iterable[Finding], place: Place, /) -> Iterator[Finding]:
        """One FileType, unless neither has spoken."""
        candidate: TypeCandidate | None = None
        text: Text | None = None
        size = 0
        for finding in findings:
            if isinstance(finding.body, TypeCandidate) and (
                candidate is None or finding.body.confidence > candidate.confidence
            ):
                candidate = finding.body
                size = max(size, finding.size)
            elif isinstance(finding.body, Text):
                text, size = finding.body, finding.size
        if candidate is not None or text is not None:
            yield Finding(place, 0, size, self.name, _verdict(candidate, text))


def _verdict(candidate: TypeCandidate | None, text: Text | None) -> FileType:
    if candidate is None or candidate.proof == "none":
        return _type("text", EIGHT_BIT, text) if text is not None else _type("data", UNKNOWN)
    if not format_of(candidate.format).is_a("text"):
        return _type(candidate.format, candidate.confidence)
    if text is None:
        declared = candidate.proof not in ("habits", "text") and candidate.format != "text"
        return _type(candidate.format, DECLARED) if declared else _type("data", UNKNOWN)
    confidence = CONFIRMED.get(candidate.proof, DECLARED_AND_TEXT)
    eight_bit = text.encoding in ("iso-8859-1", "windows-1252", "unknown-8bit")
    return _type(candidate.format, min(confidence, EIGHT_BIT) if eight_bit else confidence, text)


def _type(id: str, confidence: float, text: Text | None = None) -> FileType:
    row = format_of(id)
    return FileType(
        format=row.name,
        mime=row.mime,
        extension=row.extension,
        description=row.description,
        confidence=confidence,
        encoding=None if text is None else text.encoding,
    )
