"""Libraries that a file asks the loader for, its own name as one, where they are searched, and the loader's variables.

Names are paths as stored: @rpath, @loader_path and @executable_path stand for directories known when loading; what
kind of place a path names is told and not judged. Fixed virtual memory libraries are told too, though nothing loads
them any more.
"""

from collections import Counter
from collections.abc import Iterator
from typing import ClassVar, NamedTuple

from rorqual.analyzers.formats.macho import commands, names
from rorqual.analyzers.formats.macho.bodies import ROWS
from rorqual.analyzers.formats.macho.context import WOKEN, layout_of
from rorqual.analyzers.formats.macho.headers import Command, Headers
from rorqual.analyzers.formats.macho.layout import Layout
from rorqual.sdk import Anchor, Anomaly, Finding, Hit, Kind, Said, View, frozen

DUPLICATES_TOLD = 32  # each names one; a count of all is told with the last
_USE_MARKER = 0x1A741800  # dylib_use_command: flags stand behind, where versions of old have none
_USE_FLAGS = {0x1: "WEAK_LINK", 0x2: "REEXPORT", 0x4: "UPWARD", 0x8: "DELAYED_INIT"}
_HOW = {
    commands.LOAD_DYLIB: "load",
    commands.LOAD_WEAK_DYLIB: "weak",
    commands.REEXPORT_DYLIB: "reexport",
    commands.LAZY_LOAD_DYLIB: "lazy",
    commands.LOAD_UPWARD_DYLIB: "upward",
    commands.LOADFVMLIB: "fixed",
    commands.PREBOUND_DYLIB: "prebound",
}
_OTHERS = {
    commands.SUB_FRAMEWORK: "sub-framework",
    commands.SUB_UMBRELLA: "sub-umbrella",
    commands.SUB_CLIENT: "sub-client",
    commands.SUB_LIBRARY: "sub-library",
}
_SYSTEM = ("/usr/lib/", "/System/")
_WRITABLE = ("/tmp/", "/private/tmp/", "/var/tmp/", "/private/var/tmp/", "/Users/Shared/")


class MachOLibrary(NamedTuple):
    """A library that is asked for."""

    ordinal: int | None  # by which symbols name it, from 1
    how: str  # load, weak, reexport, lazy, upward, fixed or prebound
    name: str
    kind: str  # of the path: system, absolute, writable, rpath, loader, executable, home or relative
    current_version: str | None
    compatibility_version: str | None
    timestamp: int | None
    flags: tuple[str, ...]  # of the newer form of the command


@frozen
class MachOLibraries:
    """Libraries asked for; the finding spans their load commands."""

    tag: ClassVar[str] = "macho_libraries"
    first: int
    rows: tuple[MachOLibrary, ...]


class MachOPath(NamedTuple):
    """A text in a load command, and for paths what kind of place it names."""

    what: str  # rpath, environment, sub-framework …
    text: str
    kind: str | None


@frozen
class MachOPaths:
    """Where libraries are searched, variables for the loader, and what the file is part of."""

    tag: ClassVar[str] = "macho_paths"
    first: int
    rows: tuple[MachOPath, ...]


@frozen
class MachOLinkage:
    """What a file links to as a whole; the finding spans the load commands."""

    tag: ClassVar[str] = "macho_linkage"
    id: MachOLibrary | None  # the file as a library
    libraries: int
    weak: int
    reexported: int
    lazy: int
    upward: int
    rpaths: int
    environment: int


class MachOLibrariesProbe:
    """Libraries and search paths of a Mach-O file."""

    name = "macho-libraries"
    version = 1
    wakes_on: tuple[Anchor | Kind, ...] = (WOKEN,)

    def score(self, view: View, /) -> int:
        """Not used: nothing but a kind wakes it."""
        return 1

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        """A summary, libraries, paths and what is wrong with them."""
        layout = layout_of(hit)
        headers = layout.headers
        hit.view.step(len(headers.commands))
        own = headers.first(commands.ID_DYLIB)
        counts = Counter(command.command for command in headers.commands)
        libraries = list(_libraries(headers))
        paths = list(_paths(headers))
        if own is None and not libraries and not paths:
            return
        body = MachOLinkage(
            id=None if own is None else library(headers, own, None),
            libraries=sum(one.how != "prebound" for _, one in libraries),
            weak=counts[commands.LOAD_WEAK_DYLIB],
            reexported=counts[commands.REEXPORT_DYLIB],
            lazy=counts[commands.LAZY_LOAD_DYLIB],
            upward=counts[commands.LOAD_UPWARD_DYLIB],
            rpaths=counts[commands.RPATH],
            environment=counts[commands.DYLD_ENVIRONMENT],
        )
        start = layout.form.header
        yield hit.finding(start, len(headers.data) - start, body)
        for first in range(0, len(libraries), ROWS):
            part = libraries[first : first + ROWS]
            rows = tuple(row for _, row in part)
            yield _spanning(hit, part[0][0], part[-1][0], MachOLibraries(first, rows))
        for first in range(0, len(paths), ROWS):
            some = paths[first : first + ROWS]
            told = tuple(row for _, row in some)
            yield _spanning(hit, some[0][0], some[-1][0], MachOPaths(first, told))
        yield from _anomalies(hit, layout, libraries, paths)


def library(headers: Headers, command: Command, ordinal: int | None) -> MachOLibrary:
    """The library of a load command."""
    text = names.printable(headers.string(command) or b"")
    how = _HOW.get(command.command, "id")
    if how in ("fixed", "prebound"):
        return MachOLibrary(ordinal, how, text, path_kind(text), None, None, None, ())
    offset, timestamp, current, compatibility = headers.numbers(command, "4I") or (0, None, None, None)
    flags: tuple[str, ...] = ()
    if timestamp == _USE_MARKER and offset >= 28 and (found := headers.numbers(command, "I", 24)) is not None:
        flags = names.flags(found[0], _USE_FLAGS)
    versions = [None if one is None else _version(one) for one in (current, compatibility)]
    return MachOLibrary(ordinal, how, text, path_kind(text), versions[0], versions[1], timestamp, flags)


def library_names(headers: Headers) -> list[str]:
    """Names of the libraries in the order of their ordinals, which begin at 1."""
    return [names.printable(headers.string(one) or b"") for one in headers.of(*commands.DYLIBS)]


def path_kind(path: str) -> str:
    """What kind of place a path names."""
    head = path.split("/", 1)[0]
    named = {"@rpath": "rpath", "@loader_path": "loader", "@executable_path": "executable", "~": "home"}
    if head in named:
        return named[head]
    if not path.startswith("/"):
        return "relative"
    if path.startswith(_WRITABLE) or path.rstrip("/") + "/" in _WRITABLE:
        return "writable"
    return "system" if path.startswith(_SYSTEM) else "absolute"


def _libraries(headers: Headers) -> Iterator[tuple[Command, MachOLibrary]]:
    ordinal = 0
    for command in headers.commands:
        if command.command in commands.DYLIBS:
            ordinal += 1
            yield command, library(headers, command, ordinal)
        elif command.command in _HOW:
            yield command, library(headers, command, None)


def _paths(headers: Headers) -> Iterator[tuple[Command, MachOPath]]:
    for command in headers.commands:
        number = command.command
        if number == commands.RPATH:
            text = names.printable(headers.string(command) or b"")
            yield command, MachOPath("rpath", text, path_kind(text))
        elif number == commands.DYLD_ENVIRONMENT or number in _OTHERS:
            text = names.printable(headers.string(command) or b"")
            yield command, MachOPath(_OTHERS.get(number, "environment"), text, None)


def _version(value: int) -> str:
    """xxxx.yy.zz in full, as libraries' versions are written."""
    return f"{value >> 16}.{value >> 8 & 0xFF}.{value & 0xFF}"


def _spanning(hit: Hit, first: Command, last: Command, body: MachOLibraries | MachOPaths) -> Finding:
    return hit.finding(first.at, last.at + last.size - first.at, body)


def _anomalies(
    hit: Hit, layout: Layout, libraries: list[tuple[Command, MachOLibrary]], paths: list[tuple[Command, MachOPath]]
) -> Iterator[Finding]:
    seen: dict[tuple[str, str], int] = {}
    named = [(command, "library", row.name) for command, row in libraries if row.how != "prebound"]
    named += [(command, "rpath", row.text) for command, row in paths if row.what == "rpath"]
    told = 0
    for command, what, name in named:
        earlier = seen.setdefault((what, name), command.number)
        if earlier == command.number:
            continue
        told += 1
        if told <= DUPLICATES_TOLD:
            proof = f"load commands {earlier} and {command.number}: {name!r}"
            yield hit.finding(command.at, command.size, Anomaly(f"{what}_duplicate", proof))
    if told > DUPLICATES_TOLD:
        proof = f"{told} libraries and paths are named again; the first {DUPLICATES_TOLD} are told"
        yield hit.finding(0, layout.form.header, Anomaly("duplicates_not_told", proof))
    ids = layout.headers.first(commands.ID_DYLIB)
    if ids is not None and layout.type not in (names.DYLIB, names.DYLIB_STUB):
        proof = f"LC_ID_DYLIB in a file of type {names.type_name(layout.type)}"
        yield hit.finding(ids.at, ids.size, Anomaly("library_id_in_other_type", proof))
    for command, row in paths:
        if row.what == "environment" and row.text.startswith("DYLD_INSERT_LIBRARIES="):
            yield hit.finding(command.at, command.size, Anomaly("library_inserted", row.text, ("T1574.006",)))
