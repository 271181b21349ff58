"""Compiled gettext translations: de 12 04 95 in either order, two tables of strings, mostly a hash table.

https://www.gnu.org/software/gettext/manual/html_node/MO-Files.html. All strings end with a zero and lie in the file,
whose end is that of the last. Strings that depend on the system (minor revision 1) are followed too.
"""

import struct
from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.reader import told
from rorqual.analyzers.formats.spans import gaps
from rorqual.analyzers.formats.stores import MO
from rorqual.analyzers.formats.strings import printable
from rorqual.sdk import Extent, Hit, Malformed, Room, Said, View, frozen

HEADER, LONG_HEADER = 28, 48
STRINGS_MOST = 1 << 20
ENDS_READ = 4096  # zeros behind strings that are looked at
ROOMS_MOST = 32
FIELD_MOST = 256


@frozen
class Translations:
    """A catalogue. The finding spans it, as far as it is there."""

    tag: ClassVar[str] = "translations"
    big_endian: bool
    revision: str
    strings: int
    language: str | None
    project: str | None
    revised: str | None
    translator: str | None
    content_type: str | None


class Mo:
    """Finds catalogues anywhere."""

    name = "mo"
    version = 1
    wakes_on = MO

    def score(self, view: View, /) -> int:
        """Tables behind the header."""
        head = view.read(0, HEADER)
        order = ">" if head[:1] == b"\x95" else "<"
        if len(head) < HEADER:
            return 0
        count, originals, translated = struct.unpack_from(f"{order}3I", head, 8)
        return int(count <= STRINGS_MOST and originals >= HEADER and translated >= HEADER)

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        head = view.exact(0, HEADER)
        mark = ">" if head[0] == 0x95 else "<"
        revision, count, originals, translated, slots, hashes = struct.unpack_from(f"{mark}6I", head, 4)
        if revision >> 16 > 1 or revision & 0xFFFF > 1 or count > STRINGS_MOST or slots > 1 << 22:
            raise Malformed(hit.offset + 4, "a revision and a number of strings")
        spans = [(0, LONG_HEADER if revision & 0xFFFF else HEADER)]
        spans += [(at, at + 8 * count) for at in (originals, translated)]
        if slots > 2:
            spans.append((hashes, hashes + 4 * slots))
        strings = _table(view, originals, count, mark) + _table(view, translated, count, mark)
        spans += ((at, at + size + 1) for size, at in strings)
        if any(at < HEADER for _, at in strings):
            raise Malformed(hit.offset + originals, "strings behind the header")
        if revision & 0xFFFF:
            spans += _system(view, mark)
        end = max(stop for _, stop in spans)
        present = view.within(0, end)
        step = max(1, len(strings) // ENDS_READ)
        for size, at in strings[::step]:
            if at + size < present and view.exact(at + size, 1) != b"\0":
                raise Malformed(hit.offset + at + size, "a zero behind a string")
        fields = _fields(view, strings, count)
        yield hit.finding(
            0,
            present,
            Translations(
                big_endian=mark == ">",
                revision=f"{revision >> 16}.{revision & 0xFFFF}",
                strings=count,
                language=fields.get("language"),
                project=fields.get("project-id-version"),
                revised=fields.get("po-revision-date"),
                translator=fields.get("last-translator"),
                content_type=fields.get("content-type"),
            ),
        )
        if present < end:
            return
        yield Extent(0, end, "mo", "tables and strings, each with a zero behind it, lie in it")
        rooms = 0
        for start, stop in gaps(spans, 0, end):
            if rooms < ROOMS_MOST and told(view, start, stop - start):
                yield hit.finding(start, stop - start, Room("mo", "unused"))
                rooms += 1


def _table(view: View, at: int, count: int, mark: str) -> list[tuple[int, int]]:
    """(size, at) of strings."""
    view.step(count)
    return list(struct.iter_unpack(f"{mark}2I", view.exact(at, 8 * count)))


def _system(view: View, mark: str) -> list[tuple[int, int]]:
    """Spans of what depends on the system: segments, tables, strings made of pieces."""
    segments, segments_at, count, *tables = struct.unpack(f"{mark}5I", view.exact(HEADER, 20))
    if segments > 1 << 16 or count > 1 << 16:
        raise Malformed(view.offset + HEADER, "segments that depend on the system")
    spans = [(segments_at, segments_at + 8 * segments)]
    spans += ((at, at + size) for size, at in _table(view, segments_at, segments, mark))
    for table in tables:
        spans.append((table, table + 4 * count))
        for (place,) in struct.iter_unpack(f"{mark}I", view.exact(table, 4 * count)):
            view.step()
            text = int.from_bytes(view.exact(place, 4), "big" if mark == ">" else "little")
            at, size = place + 4, 0
            while True:
                view.step()
                length, reference = struct.unpack(f"{mark}2I", view.exact(at, 8))
                at, size = at + 8, size + length
                if reference == 0xFFFFFFFF:
                    break
            spans += [(place, at), (text, text + size)]
    return spans


def _fields(view: View, strings: list[tuple[int, int]], count: int) -> dict[str, str]:
    """The fields of the translation of nothing, which describes the catalogue."""
    if not count or strings[0][0] != 0:
        return {}
    size, at = strings[count]
    fields = {}
    for line in view.read(at, min(size, 4096)).split(b"\n"):
        name, _, value = line.partition(b":")
        fields[printable(name[:64]).lower()] = _text(value.strip()[:FIELD_MOST])
    return fields


def _text(raw: bytes) -> str:
    text = raw.decode("utf-8", "replace")
    return text if text.isprintable() and "\ufffd" not in text else printable(raw)
