"""The files of a 7z archive: names, times and attributes, each kind in a list of its own."""

from dataclasses import dataclass

from rorqual.analyzers.formats.solid.sevenzip_header import (
    ACCESSED,
    ANTI,
    ATTRIBUTES,
    COMMENT,
    CREATED,
    DUMMY,
    EMPTY_FILE,
    EMPTY_STREAM,
    END,
    MODIFIED,
    NAMES,
    START,
    Reader,
)


@dataclass(slots=True)
class File:
    """A file, a directory or a note that something was deleted."""

    name: str = ""
    has_stream: bool = True
    empty_file: bool = False
    anti: bool = False
    created: int = 0
    modified: int = 0
    attributes: int | None = None


def read_files(reader: Reader) -> tuple[list[File], list[tuple[int, int, str]]]:
    """The files, and (place in the header, size, use) of what readers pass over."""
    count = reader.count()
    files = [File() for _ in range(count)]
    rooms: list[tuple[int, int, str]] = []
    empty: list[File] = []
    while (kind := reader.number()) != END:
        size = reader.number()
        at = reader.at
        part = Reader(reader.take(size), reader._offset + at)
        if kind == EMPTY_STREAM:
            for file, one in zip(files, part.bits(count), strict=True):
                file.has_stream = not one
            empty = [file for file in files if not file.has_stream]
        elif kind in (EMPTY_FILE, ANTI):
            for file, one in zip(empty, part.bits(len(empty)), strict=True):
                if kind == EMPTY_FILE:
                    file.empty_file = one
                else:
                    file.anti = one
        elif kind == NAMES:
            _names(part, files)
        elif kind in (CREATED, MODIFIED, ATTRIBUTES):
            _values(part, files, kind)
        elif kind == DUMMY:
            rooms.append((at, size, "padding"))
        elif kind not in (ACCESSED, START):
            rooms.append((at, size, "comment" if kind == COMMENT else "private"))
    return files, rooms


def _names(part: Reader, files: list[File]) -> None:
    if part.byte():
        raise part.wrong("names in the header itself")
    names = part.data[part.at :].decode("utf-16-le", "replace").split("\0")
    for file, name in zip(files, names, strict=False):
        file.name = name


def _values(part: Reader, files: list[File], kind: int) -> None:
    defined = part.some(len(files))
    if part.byte():
        return
    for file, one in zip(files, defined, strict=True):
        if not one:
            continue
        if kind == ATTRIBUTES:
            file.attributes = int.from_bytes(part.take(4), "little")
        elif kind == CREATED:
            file.created = int.from_bytes(part.take(8), "little")
        else:
            file.modified = int.from_bytes(part.take(8), "little")
