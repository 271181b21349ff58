"""Comments as Vorbis has them (https://xiph.org/vorbis/doc/v-comment.html): a vendor, then "NAME=value" texts."""

from rorqual.sdk import View

LONGEST = 256  # bytes of one text that are told
MOST = 256  # comments looked at


def comment(view: View, at: int, end: int) -> tuple[str, dict[str, str]]:
    """The vendor and the first of each of the comments between `at` and `end`."""
    size = int.from_bytes(view.read(at, 4), "little")
    vendor = view.read(at + 4, min(size, LONGEST, max(0, end - at - 4))).decode("utf-8", "replace")
    at += 4 + size
    count = int.from_bytes(view.read(at, 4), "little") if at + 4 <= end else 0
    at += 4
    texts: dict[str, str] = {}
    for _ in range(min(count, MOST)):
        if at + 4 > end:
            break
        size = int.from_bytes(view.read(at, 4), "little")
        name, _, value = view.read(at + 4, min(size, LONGEST, max(0, end - at - 4))).partition(b"=")
        texts.setdefault(name.decode("latin-1").upper(), value.decode("utf-8", "replace"))
        at += 4 + size
    return vendor, texts
