"""The section on a PE image: what its headers say, its sections, what follows them, what is odd about it."""

from collections.abc import Iterator

from rorqual.findings.record import Finding
from rorqual.findings.report import Report
from rorqual.render.terminal.fields import Fields
from rorqual.render.terminal.page import Page, Row
from rorqual.render.terminal.tally import Tally
from rorqual.render.terminal.values import count_text, exact_size, range_text, safe, size_text

KINDS = frozenset({"pe_image", "pe_section", "pe_overlay", "anomaly"})
MOST_SECTIONS = 24
MOST_ODD = 8
ROW = 40  # bytes of a row of the section table (IMAGE_SIZEOF_SECTION_HEADER)
BEFORE_OPTIONAL = 24  # bytes of signature and file header (IMAGE_NT_HEADERS)
DIGEST = 64  # hex digits of SHA-256
SHORTENED = 16  # of them where not all fit
BESIDE = 56  # columns that the table takes beside the digest


class Parts:
    """The findings that belong to one image, as many as are shown, and how many there are."""

    def __init__(self, found: Finding, image: Fields, *, alone: bool) -> None:
        self._start, self._end = found.offset, found.offset + found.size
        self._alone = alone
        header, optional = image.whole("pe_header_offset"), image.whole("optional_header_size")
        self._rows = None if header is None or optional is None else header + BEFORE_OPTIONAL + optional
        self.sections: list[tuple[int, Finding, Fields]] = []  # by index
        self.overlay: Fields | None = None
        self.after: Finding | None = None  # what the overlay was found as
        self.odd: list[tuple[str, str]] = []  # what, and why
        self.number = self.oddities = 0

    def take(self, finding: Finding) -> None:
        """Keeps the finding if it is one of the image's."""
        body = Fields.of(finding.body)
        match finding.kind:
            case "pe_section":
                index = body.whole("index") or 0
                if self._alone or (self._rows is not None and body.whole("row_offset") == self._rows + index * ROW):
                    self._take_section(index, finding, body)
            case "pe_overlay":
                if self.after is None and (self._alone or finding.offset == self._end):
                    self.after, self.overlay = finding, body
            case "anomaly":
                if self._alone or self._start <= finding.offset <= self._end:
                    self._note(body.text("name"), body.text("proof"))

    def _take_section(self, index: int, finding: Finding, section: Fields) -> None:
        self.number += 1
        self.sections.append((index, finding, section))
        self.sections.sort(key=lambda one: one[0])
        del self.sections[MOST_SECTIONS:]
        for anomaly in section.texts("anomalies"):
            self._note(anomaly, f"section {index}, {safe(section.text('name'))}")

    def _note(self, what: str, why: str) -> None:
        self.oddities += 1
        if len(self.odd) < MOST_ODD:
            self.odd.append((what, why))


def draw(page: Page, report: Report, tally: Tally) -> None:
    """The first image of the file itself in full; of the others their number."""
    found = tally.first("pe_image")
    if found is None:
        return
    image, number = Fields.of(found.body), tally.count("pe_image")
    parts = Parts(found, image, alone=number == 1)
    for finding in report.findings():
        if not finding.place and finding.kind in KINDS:
            parts.take(finding)
    where = f"at {found.offset:#x}" if found.offset or number > 1 else ""
    others = f", the first of {number:,}" if number > 1 else ""
    page.heading("PE image", where + others)
    _headers(page, image, [section for _, _, section in parts.sections])
    _sections(page, parts)
    if parts.after is not None or parts.odd:
        page.blank()
    if parts.after is not None and parts.overlay is not None:
        page.field("overlay", *_overlay(parts.after, parts.overlay))
    for count, (what, why) in enumerate(parts.odd):
        page.field("odd" if not count else "", (what, "notable"), f": {why}" if why else "")
    if parts.oddities > len(parts.odd):
        page.field("", f"and {parts.oddities - len(parts.odd):,} more")


def _headers(page: Page, image: Fields, sections: list[Fields]) -> None:
    kind = "DLL" if image.true("is_dll") else "program"
    facts = [f"{image.text('format')} {kind}", image.text("machine"), image.text("subsystem")]
    if linker := image.text("linker_version"):
        facts.append(f"linker {linker}")
    page.field("image", " · ".join(fact for fact in facts if fact))
    if image.whole("timestamp") is not None:
        page.field("linked", f"{image.text('timestamp_utc')} ({image.whole('timestamp') or 0:#x})")
    entry, base = image.whole("entry_point") or 0, image.whole("image_base") or 0
    home = image.whole("entry_point_section")
    inside = next((section.text("name") for section in sections if section.whole("index") == home), "")
    page.field(
        "entry",
        f"{entry:#x}{f' in {inside}' if inside else ''} · base {base:#x}" if entry else f"none · base {base:#x}",
    )
    page.field("in memory", size_text(image.whole("size_of_image") or 0))
    names = [directory.text("name") for directory in image.records("directories")]
    if names:
        page.field("tables", ", ".join(names))
    if flags := image.texts("dll_characteristics"):
        page.field("flags", ", ".join(flags))


def _sections(page: Page, parts: Parts) -> None:
    if not parts.sections:
        return
    page.blank()
    digits = DIGEST if page.width >= BESIDE + DIGEST else SHORTENED
    rows = (_row(finding, section, digits) for _, finding, section in parts.sections)
    page.table(("section", "offset", "size", "entropy", "access", "sha256"), rows, right=(2, 3), widest=16)
    if parts.number > len(parts.sections):
        page.line((f"and {count_text(parts.number - len(parts.sections), 'more section')}", "label"))


def _row(finding: Finding, section: Fields, digits: int) -> Row:
    entropy, present = section.number("entropy"), section.whole("present") or 0
    access = zip("rwx", ("readable", "writable", "executable"), strict=True)
    return (
        (section.text("name"), "name"),
        f"{finding.offset:#x}" if present else "none",
        size_text(present),
        "" if entropy is None else f"{entropy:.2f}",
        "".join(letter if section.true(name) else "-" for letter, name in access),
        section.text("sha256")[:digits],
    )


def _overlay(finding: Finding, overlay: Fields) -> Iterator[str]:
    yield f"{finding.offset:#x}, {exact_size(finding.size)}"
    if (entropy := overlay.number("entropy")) is not None:
        yield f", entropy {entropy:.2f}"
    for part in overlay.records("parts"):
        yield f"; {part.text('name')} {range_text(part.whole('offset') or 0, part.whole('size') or 0)}"
    if sha256 := overlay.text("sha256"):
        yield f"; sha256 {sha256}"
