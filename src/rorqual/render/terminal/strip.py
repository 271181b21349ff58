"""The whole file on one line: how high its entropy stands from start to end, what kind of bytes are where."""

from collections import Counter
from collections.abc import Iterator
from itertools import groupby

from rorqual.render.terminal.fields import Fields
from rorqual.render.terminal.page import INDENT, Page, Part
from rorqual.render.terminal.values import share_text

BARS = "▁▂▃▄▅▆▇█"
ASCII_BARS = "_.:-=+*#"
MOST = 8.0  # bits in a byte
STYLES = {
    "r": "notable",
    "c": "notable",
    "x": "name",
    "0": "label",
    "=": "label",
    "~": "label",
}  # by class letter


def draw(page: Page, body: Fields, size: int) -> None:
    """The strip, the classes below it, an axis of offsets, and a legend of the letters that occur."""
    entropies, letters = body.numbers("bin_entropy"), body.text("bin_class")
    if not entropies or len(entropies) != len(letters):
        return
    width = page.width - 2 * INDENT
    bars = BARS if page.unicode else ASCII_BARS
    columns = list(_columns(len(entropies), width))
    heights = [max(entropies[first:end]) for first, end in columns]
    classes = "".join(_telling(letters[first:end]) for first, end in columns)
    drawn = [bars[min(int(height * len(bars) / MOST), len(bars) - 1)] for height in heights]
    page.line(*_styled("".join(drawn), classes))
    page.line(*_styled(classes, classes))
    page.line((_axis(size, width), "label"))
    page.wrapped(*_legend(body, letters))


def _columns(bins: int, width: int) -> Iterator[tuple[int, int]]:
    """The bins (first, end) that each column stands for: at least one, and each bin somewhere."""
    for column in range(width):
        first = column * bins // width
        yield first, max(first + 1, -(-(column + 1) * bins // width))


def _telling(letters: str) -> str:
    """The class that most bins have; of two as frequent, the one that is met first."""
    return Counter(letters).most_common(1)[0][0]


def _styled(drawn: str, classes: str) -> Iterator[Part]:
    at = 0
    for letter, group in groupby(classes):
        end = at + len(list(group))
        yield drawn[at:end], STYLES.get(letter, "")
        at = end


def _axis(size: int, width: int) -> str:
    """Offsets at the start, the middle and the end."""
    start, middle, end = "0x0", f"{size // 2:#x}", f"{size:#x}"
    return start + middle.center(width - len(start) - len(end)) + end


def _legend(body: Fields, letters: str) -> Iterator[Part]:
    pairs = (pair for pair in body.items("legend") if isinstance(pair, list) and len(pair) == 2)
    meanings = {str(letter): str(meaning) for letter, meaning in pairs}
    for count, (letter, bins) in enumerate(Counter(letters).most_common()):
        yield "  " if count else ""
        yield letter, STYLES.get(letter, "")
        yield f" {meanings.get(letter, 'unknown')} {share_text(bins / len(letters))}"
