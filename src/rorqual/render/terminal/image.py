"""What sections on executables share: facts with labels, the table of sections, the overlay, what is odd."""

from collections.abc import Callable, Iterable, Iterator

from rorqual.findings.record import Finding, place_text
from rorqual.findings.report import Report
from rorqual.render.terminal.fields import Fields
from rorqual.render.terminal.gather import NAMES, Form, Gathered
from rorqual.render.terminal.page import Page, Part, Row
from rorqual.render.terminal.tally import Tally
from rorqual.render.terminal.values import count_text, exact_size, range_text, size_text

DIGEST = 64  # hex digits of SHA-256
SHORTENED = 16  # of them where not all fit
BESIDE = 58  # columns that the table takes beside the digest
PARTS = 4  # of an overlay
LINES = 6  # of one fact: three do but for hostile texts

Fact = tuple[str, Callable[[Gathered], Iterable[Part]]]  # a label, and what it says of an image: nothing hides it
Access = Callable[[Fields], str]  # of a section, as in "r-x"


def gathered(
    form: Form, page: Page, report: Report, tally: Tally, *, slice_of: Finding | None = None
) -> Gathered | None:
    """What there is to say of the first image in the file itself or of a slice of it, under its heading.

    None: there is none, or it lies inside an executable of another format, and the heading says it all.
    """
    found = slice_of or tally.first(form.image)
    if found is None:
        return None
    number = tally.count(form.image) if slice_of is None else 1
    where = f"at {found.offset:#x}" if found.offset or number > 1 else ""
    where = f"in {place_text(found.place)}" if found.place else where
    page.heading(form.title, where + (f", the first of {number:,}" if number > 1 else ""))
    others = (tally.first(f"{name}_image") for name in NAMES)
    if any(one is not None and one.offset < found.offset < one.offset + one.size for one in others):
        return None
    parts = Gathered(form, found, number=number)
    parts.take(report.findings())
    return parts


def draw(page: Page, parts: Gathered, facts: Iterable[Fact], access: Access) -> None:
    """The image's section of the report."""
    for label, fact in facts:
        if words := tuple(fact(parts)):
            page.field(label, *words, most=LINES)
    _sections(page, parts, access)
    if parts.overlay is not None or parts.odd:
        page.blank()
    if parts.overlay is not None:
        page.field("overlay", *_overlay(parts.overlay), most=LINES)
        if sha256 := Fields.of(parts.overlay.body).text("sha256"):
            page.field("  sha256", sha256, most=LINES)
    parts.odd.draw(page)


def _sections(page: Page, parts: Gathered, access: Access) -> None:
    sections = parts.sections
    if not sections:
        return
    page.blank()
    digits = DIGEST if page.width >= BESIDE + DIGEST else SHORTENED
    rows = [_row(finding, section, access(section), digits) for finding, section in sections]
    page.table((parts.form.row, "offset", "size", "entropy", "access", "sha256"), rows, right=(2, 3), widest=18)
    if parts.sections_in_all > len(sections):
        page.line((f"and {count_text(parts.sections_in_all - len(sections), f'smaller {parts.form.row}')}", "label"))


def _row(finding: Finding, section: Fields, access: str, digits: int) -> Row:
    entropy, present = section.number("entropy"), section.whole("present") or 0
    return (
        (section.text("name"), "name"),
        f"{finding.offset:#x}" if present else "none",
        size_text(present),
        "" if entropy is None else f"{entropy:.2f}",
        access,
        section.text("sha256")[:digits],
    )


def _overlay(finding: Finding) -> Iterator[Part]:
    overlay = Fields.of(finding.body)
    yield f"{finding.offset:#x}, {exact_size(finding.size)}"
    if (entropy := overlay.number("entropy")) is not None:
        yield f", entropy {entropy:.2f}"
    parts = overlay.records("parts")
    if len(parts) == 1 and parts[0].whole("size") == finding.size:
        yield f": {parts[0].text('name')}"
    else:
        for part in parts[:PARTS]:
            yield f"; {part.text('name')} {range_text(part.whole('offset') or 0, part.whole('size') or 0)}"
