"""ID3v2 tags at the start of MPEG audio, and the tags that stand behind it.

ID3v2.2, 2.3, 2.4: https://id3.org/Developer%20Information; ID3v1 and Lyrics3 as documented there; APEv2:
https://wiki.hydrogenaudio.org/index.php?title=APEv2_specification.
"""

from collections.abc import Iterator

from rorqual.sdk import View, frozen

HEADER = 10
LARGEST = 64 << 20  # bytes of a tag
MOST = 2000  # frames of one tag
UNSYNCHRONISED, EXTENDED, FOOTER = 0x80, 0x40, 0x10  # flags of the tag
CLOSED = 0x0C  # of a frame in 2.4: compressed or encrypted
UNSYNC_READ = 1 << 20  # bytes of a tag in which unsynchronisation is undone
NAME = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
PICTURES = ("APIC", "PIC")
OBJECTS = ("GEOB", "GEO")
COMMENTS = ("COMM", "COM", "USLT", "ULT", "TXXX", "TXX")
TITLE, ARTIST, ALBUM = ("TIT2", "TT2"), ("TPE1", "TP1"), ("TALB", "TAL")
ENCODINGS = ("latin-1", "utf-16", "utf-16-be", "utf-8")
LONGEST_TEXT = 256  # characters


@frozen
class Frame:
    """A frame's data at `at` of the view, or, where the tag is unsynchronised as a whole, of its content."""

    name: str
    at: int
    size: int
    plain: bool  # neither compressed nor encrypted nor unsynchronised


@frozen
class Tag:
    """A tag of `size` bytes, header and footer counted; frames end at `filled`."""

    version: int
    flags: int
    size: int
    content: int  # where frames begin
    filled: int
    frames: tuple[Frame, ...]
    undone: bytes | None  # the content without unsynchronisation, where the whole tag has it


def tag(view: View, at: int = 0) -> Tag | None:
    """The tag at `at`, if its header is one. Places in the result count from the view's start."""
    head = view.read(at, HEADER)
    if len(head) < HEADER or head[:3] != b"ID3" or not 2 <= head[3] <= 4 or head[4] == 0xFF or max(head[6:]) > 0x7F:
        return None
    size = _syncsafe(head[6:])
    version, flags = head[3], head[5]
    end = at + HEADER + size
    undone = None
    if flags & UNSYNCHRONISED and version < 4:
        undone = view.read(at + HEADER, min(size, UNSYNC_READ)).replace(b"\xff\0", b"\xff")
    start = at + HEADER
    if flags & EXTENDED and version > 2:
        length = undone[:4] if undone is not None else view.read(start, 4)
        if version == 4:
            start += _syncsafe(length)
        else:
            start += 4 + int.from_bytes(length, "big")
        start = min(start, end)
    frames: list[Frame] = []
    filled = start
    for frame, after in _frames(view, version, start, end, undone=undone, base=at + HEADER):
        frames.append(frame)
        filled = after
    footer = HEADER if version == 4 and flags & FOOTER else 0
    return Tag(version, flags, HEADER + size + footer, start, filled, tuple(frames), undone)


def _frames(
    view: View, version: int, at: int, end: int, *, undone: bytes | None, base: int
) -> Iterator[tuple[Frame, int]]:
    """(frame, where the next begins); the last may pass the tag's end, as far as it is there."""
    header, letters = (6, 3) if version == 2 else (10, 4)
    if undone is not None:
        end = base + len(undone)
    for _ in range(MOST):
        if at + header > end:
            return
        view.step()
        head = undone[at - base : at - base + header] if undone is not None else view.read(at, header)
        if len(head) < header or not NAME.issuperset(head[:letters]):
            return
        start = at + header
        plain, sizes = int.from_bytes(head[letters : 2 * letters], "big"), []
        if version > 2 and max(head[4:8]) <= 0x7F:
            sizes = [_syncsafe(head[4:8])]
        sizes.insert(0 if version < 4 else len(sizes), plain)  # some writers of either version store the other's sizes
        fitting = [size for size in sizes if size <= end - start]
        size = next((size for size in fitting if undone is None and _continues(view, start + size, end)), None)
        if size is None:
            size = fitting[0] if fitting else view.within(start, min(sizes[0], LARGEST))
        marks = head[9] if version == 4 else (head[9] & 0xC0) if version == 3 else 0
        yield Frame(head[:letters].decode("ascii"), at + header, size, marks == 0), start + size
        at = start + size


def _continues(view: View, at: int, end: int) -> bool:
    """Whether a frame, or padding, or the end follows."""
    if at >= end:
        return at == end
    name = view.read(at, 4)
    return NAME.issuperset(name) or not name.strip(b"\0")


def _syncsafe(data: bytes) -> int:
    """A number of 7 bits a byte."""
    value = 0
    for byte in data:
        value = value << 7 | byte & 0x7F
    return value


def text(data: bytes) -> str:
    """What a text frame says."""
    if not data or data[0] > 3:
        return ""
    return data[1 : 1 + 4 * LONGEST_TEXT].decode(ENCODINGS[data[0]], "replace").strip("\0\ufeff ")[:LONGEST_TEXT]


def picture(name: str, data: bytes) -> tuple[int, str] | None:
    """Where the picture or object begins in a frame's first bytes, and what it is called."""
    if not data or data[0] > 3:
        return None
    at = 1
    texts: list[str] = []
    if name == "PIC":
        at = 5  # three letters of the format and the picture's type
    else:
        at = data.find(0, 1) + 1  # the MIME type is always Latin-1
        if not at:
            return None
        texts.append(data[1 : at - 1].decode("latin-1"))
        at += name == "APIC"
    for _ in range(1 if name in PICTURES else 2):  # a description; an object has a file name before it
        at, said = _ended(data, at)
        if at < 0:
            return None
        texts.append(said)
    return at, next((one for one in texts[1:] if one), texts[0] if texts else "")[:LONGEST_TEXT]


def _ended(data: bytes, at: int) -> tuple[int, str]:
    """Where a text ends in the frame's encoding, and the text; -1 where it does not."""
    width = 2 if data[0] in (1, 2) else 1
    end = at
    while end + width <= len(data):
        if not any(data[end : end + width]):
            return end + width, data[at:end].decode(ENCODINGS[data[0]], "replace").strip("\ufeff")
        end += width
    return -1, ""


def trailing(view: View, at: int) -> tuple[int, str] | None:
    """(size, name) of the tag that stands at `at` behind the audio, if one does."""
    head = view.read(at, 32)
    if head[:8] == b"APETAGEX" and len(head) == 32:
        size = int.from_bytes(head[12:16], "little") + 32
        footer = view.read(at + size - 32, 8)
        return (size, "APE") if footer == b"APETAGEX" and size <= LARGEST else None
    if head[:3] == b"TAG" and head[:4] != b"TAG+" and view.within(at, 128) == 128:
        return 128, "ID3v1"
    if head[:4] == b"TAG+" and view.read(at + 227, 3) == b"TAG":
        return 227, "ID3v1 enhanced"
    if head[:11] == b"LYRICSBEGIN":
        data = view.read(at, 256 << 10)
        ends = [end + 9 for mark in (b"LYRICS200", b"LYRICSEND") if (end := data.find(mark)) > 0]
        return (min(ends), "Lyrics3") if ends else None
    if head[:3] == b"ID3" and (found := tag(view, at)) is not None and found.frames:
        # One with a footer may stand at the end; without, another file begins here.
        return (found.size, "ID3v2") if found.flags & FOOTER and view.within(at, found.size) == found.size else None
    return _unheaded(view, at)


def _unheaded(view: View, at: int) -> tuple[int, str] | None:
    """An APE tag that has a footer only: its items stand at `at`."""
    data = view.read(at, 8)
    if len(data) < 8 or not 0 < int.from_bytes(data[:4], "little") <= 1 << 16 or data[4:].strip(b"\0\1\2\3\4\5\6"):
        return None
    data = view.read(at, 64 << 10)
    end = data.find(b"APETAGEX")
    if end > 0 and len(data) >= end + 32 and int.from_bytes(data[end + 12 : end + 16], "little") == end + 32:
        return end + 32, "APE"
    return None
