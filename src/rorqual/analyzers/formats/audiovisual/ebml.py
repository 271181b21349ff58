"""Elements of EBML (RFC 8794): an id and a size of 1 to 8 bytes each, then data; ids keep their length marker."""

from collections.abc import Iterator

from rorqual.sdk import View, frozen

HEAD = 12  # bytes of the longest id and size
MOST = 200_000  # elements of one level


@frozen
class Element:
    """An element at `at`; `size` of its data is None where the writer left it open."""

    at: int
    id: int
    data: int  # where it begins
    size: int | None

    @property
    def end(self) -> int:
        """Where it ends, if that is known."""
        return self.data + (self.size or 0)


def element(view: View, at: int) -> Element | None:
    """The element at `at`."""
    head = view.read(at, HEAD)
    length = 9 - head[0].bit_length() if head and head[0] else 9
    if length > 4 or len(head) <= length:
        return None
    wide = 9 - head[length].bit_length() if head[length] else 9
    if wide > 8 or len(head) < length + wide:
        return None
    mask = (1 << 7 * wide) - 1
    size = int.from_bytes(head[length : length + wide], "big") & mask
    return Element(at, int.from_bytes(head[:length], "big"), at + length + wide, None if size == mask else size)


def elements(view: View, at: int, end: int) -> Iterator[Element]:
    """The elements between `at` and `end`, as long as they fit."""
    for _ in range(MOST):
        if at >= end:
            return
        view.step()
        found = element(view, at)
        if found is None or found.size is None or found.end > end:
            return
        yield found
        at = found.end


def number(view: View, one: Element) -> int:
    """An unsigned integer."""
    return int.from_bytes(view.read(one.data, min(one.size or 0, 8)), "big")


def text(view: View, one: Element, most: int = 256) -> str:
    """A text, cut."""
    return view.read(one.data, min(one.size or 0, most)).split(b"\0")[0].decode("utf-8", "replace")
