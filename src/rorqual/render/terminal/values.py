"""How values are written for people. What comes from a file is escaped: a terminal obeys what it is sent."""

from collections.abc import Sequence

UNITS = ("bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB")


def safe(text: str) -> str:
    """The text on one line, with backslash escapes for what is not plainly visible: controls, direction
    marks, bytes that are no UTF-8."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else _escaped(char) for char in text)


def _escaped(char: str) -> str:
    if "\udc80" <= char <= "\udcff":  # a byte of a file name, as surrogateescape holds it
        return f"\\x{ord(char) - 0xDC00:02x}"
    return char.encode("unicode_escape", "surrogatepass").decode("ascii")


def size_text(size: float) -> str:
    """Bytes to three digits: "17 bytes", "1.20 KiB", "983 MiB"."""
    step = 0
    while size >= 999.5 and step < len(UNITS) - 1:
        size /= 1024
        step += 1
    if not step:
        return f"{size:.0f} {'byte' if size == 1 else 'bytes'}"
    return f"{size:.{2 if size < 9.995 else 1 if size < 99.95 else 0}f} {UNITS[step]}"


def exact_size(size: int) -> str:
    """The size for reading and, where that rounds, to the byte."""
    return size_text(size) if size < 1000 else f"{size_text(size)} ({size:,} bytes)"


def time_text(seconds: float) -> str:
    """A duration: "0.21 s", "42 s", "3:07", "1:02:03"."""
    if seconds < 59.5:
        return f"{seconds:.{0 if seconds >= 9.95 else 1 if seconds >= 0.995 else 2}f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def share_text(share: float) -> str:
    """A share of 0 to 1 in percent; what is neither nothing nor all never reads as either."""
    if 0 < share < 0.01:
        return "< 1 %"
    return f"{min(round(share * 100), 99 if share < 1 else 100)} %"


def count_text(count: int, one: str, many: str = "") -> str:
    """A count and what is counted."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def range_text(offset: int, size: int) -> str:
    """A range: where it begins and what it measures."""
    return f"{offset:#x} + {size_text(size)}" if size else f"{offset:#x}"


def clipped(text: str, most: int) -> str:
    """At most so many characters of a text that may be long."""
    return text if len(text) <= most else text[: most - 1] + "…"


def list_text(names: Sequence[str], *, count: int, longest: int = 60) -> str:
    """The names, and how many of `count` they leave out."""
    told = ", ".join(clipped(name, longest) for name in names)
    return f"{told} and {count - len(names):,} more" if count > len(names) else told
