"""What the streams of a compound file hold that others should look at: files, macros, text, and streams as they are."""

from collections.abc import Iterator
from functools import partial

from rorqual.analyzers.formats.documents.ole_container import Container, Runs, pieces, read, sliced
from rorqual.analyzers.formats.documents.ole_directory import STREAM, Entry
from rorqual.analyzers.formats.documents.ole_summary import rtf_text
from rorqual.analyzers.formats.documents.ole_vba import MOST, decompressed, modules
from rorqual.analyzers.formats.documents.rtf_data import package
from rorqual.sdk import Codec, Malformed, Region, View

LEAST = 512  # bytes: shorter streams that lie in one piece are seen with the file itself
NATIVE_HEAD = 4096
SUMMARIES = ("\5SummaryInformation", "\5DocumentSummaryInformation")
COMPRESSED_RTF = "__substg1.0_10090102"
ATTACHED_NAMES = ("__substg1.0_3707001F", "__substg1.0_3704001F", "__substg1.0_3707001E", "__substg1.0_3704001E")
ATTACHED = "__substg1.0_37010102"


def children(made: Container, all_entries: list[Entry]) -> Iterator[Region]:
    """A region for each stream worth it."""
    by_path = {one.path: one for one in all_entries}
    macros = _macros(made, all_entries, by_path)
    for one in all_entries:
        if one.kind != STREAM or not one.runs:
            continue
        for at, name in macros.get(one.number, ()):
            rest = sliced(one.runs, at, one.size - at)
            if rest:
                yield _decoded(rest, "ovba", f"{name}.bas", through="ovba")
        if one.name == "\1Ole10Native":
            yield from _native(made, one)
        elif one.name == COMPRESSED_RTF:
            yield _decoded(one.runs, "lzfu", "body.rtf", through="lzfu")
        if one.name in SUMMARIES or (one.size < LEAST and len(one.runs) == 1 and one.name != ATTACHED):
            continue
        yield stream(one.runs, _name(made, one, by_path))


def stream(runs: Runs, name: str | None) -> Region:
    """A child of the bytes of a stream: a part of the file where they lie in a row."""
    if len(runs) == 1:
        return Region(*runs[0], "ole-stream", Codec("ole-part", None), name=name)
    return _decoded(runs, "ole-stream", name, through="")


def _decoded(runs: Runs, codec: str, name: str | None, *, through: str) -> Region:
    first = min(at for at, _ in runs)
    return Region(first, None, "ole-stream", Codec(codec, partial(_decode, through, runs, first)), name=name)


def _decode(through: str, runs: Runs, first: int, view: View) -> Iterator[bytes]:
    plain = pieces(runs, first, view)
    match through:
        case "ovba":
            return decompressed(plain, view.offset)
        case "lzfu":
            return rtf_text(plain, view.offset)
    return plain


def _macros(
    made: Container, all_entries: list[Entry], by_path: dict[tuple[str, ...], Entry]
) -> dict[int, list[tuple[int, str]]]:
    """Where sources of macros begin in their streams, by number of the stream's entry."""
    found: dict[int, list[tuple[int, str]]] = {}
    for one in all_entries:
        if one.name.lower() != "dir" or one.kind != STREAM or not one.runs:
            continue
        table = bytearray()
        try:
            for part in decompressed(pieces(one.runs, 0, made.view), made.view.offset + one.runs[0][0]):
                table += part
                made.view.step(len(part) // 16)
                if len(table) > MOST:
                    break
        except Malformed:
            pass
        for module in modules(bytes(table))[:1024]:
            holder = by_path.get((*one.path[:-1], module.stream))
            if holder is not None and module.offset < holder.size:
                found.setdefault(holder.number, []).append((module.offset, module.name[:128]))
    return found


def _native(made: Container, one: Entry) -> Iterator[Region]:
    """The file in an embedded package ([MS-OLEDS] 2.3.6)."""
    head = read(made.view, one.runs, NATIVE_HEAD)
    for part in package(head[4:], 4):
        runs = sliced(one.runs, part.at, min(part.size, one.size - part.at))
        if runs:
            yield stream(runs, part.name)


def _name(made: Container, one: Entry, by_path: dict[tuple[str, ...], Entry]) -> str:
    """What the container calls it: of an attachment its file name, else the path."""
    if one.name == ATTACHED:
        for candidate in ATTACHED_NAMES:
            holder = by_path.get((*one.path[:-1], candidate))
            if holder is not None and holder.runs:
                raw = read(made.view, holder.runs, 512)[: holder.size]
                text = raw.decode("utf-16-le" if candidate.endswith("1F") else "latin-1", "replace")
                return text.rstrip("\0")[:256]
    return one.shown[:256]
