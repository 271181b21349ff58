"""A row of the benchmark table: what was measured, what it came to, and whether that keeps its bar."""

from dataclasses import dataclass

from rorqual.findings.record import Json

MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement. Without a bar it is for information; without `measured` the note says why not."""

    what: str
    measured: float | None
    unit: str = "x"  # "x" for ratios, "MiB", "s", "%", "files/s"
    bar: float | None = None
    at_least: bool = False  # the bar is a floor, not a ceiling
    note: str = ""
    subject: str = ""  # the input, for tables that put rows of the same one beside each other
    size: int | None = None  # bytes of the input
    seconds: float | None = None  # what it took, where `measured` is something else
    failed: bool = False  # what was measured did not end well, so that no figure of it keeps a bar

    @property
    def ok(self) -> bool | None:
        """Whether the bar is kept; None where there is none or nothing was measured."""
        if self.bar is None or self.measured is None:
            return None
        if self.failed:
            return False
        return self.measured >= self.bar if self.at_least else self.measured <= self.bar

    def cells(self) -> tuple[str, str, str, str, str]:
        """What the table shows of it."""
        bound = "" if self.bar is None else f"{'≥' if self.at_least else '≤'} {amount(self.bar, self.unit)}"
        verdict = "skipped" if self.measured is None else {None: "-", True: "yes", False: "NO"}[self.ok]
        return self.what, amount(self.measured, self.unit), bound, verdict, self.note

    def to_dict(self) -> dict[str, Json]:
        """The row as it is kept."""
        kept: dict[str, Json] = {
            "what": self.what,
            "measured": self.measured,
            "unit": self.unit,
            "bar": self.bar,
            "at_least": self.at_least,
            "ok": self.ok,
            "note": self.note,
            "subject": self.subject,
            "size": self.size,
            "seconds": self.seconds,
            "failed": self.failed,
        }
        return kept


def amount(value: float | None, unit: str) -> str:
    """A figure with its unit."""
    if value is None:
        return "-"
    if unit == "MiB":
        return f"{value:.1f} MiB"
    if unit == "%":
        return f"{value:.2f} %"
    if unit == "files/s":
        return f"{value:.0f} files/s"
    return f"{value:.2f} s" if unit == "s" else f"{value:.2f}×"


def lines(rows: list[Row]) -> list[str]:
    """The table as text."""
    cells = [("what", "measured", "bar", "ok", "note"), *(row.cells() for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(4)]
    return [" | ".join([*map(str.ljust, line, widths), line[4]]).rstrip(" |") for line in cells]
