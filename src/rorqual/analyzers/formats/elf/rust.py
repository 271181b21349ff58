"""What Rust's compiler and cargo leave in a file: the compiler's version, its commit, the crates that were built in.

The version stands in .comment since Rust 1.73; the commit in the paths of the standard library's sources that panics
name ("/rustc/<commit>/library/…", in Debian's builds "/usr/src/rustc-<version>/…"); crates in .dep-v0, JSON packed with
zlib, if the program was built with cargo-auditable
(https://github.com/rust-secure-code/cargo-auditable/blob/master/PARSING.md). Libraries for the compiler have their
metadata in .rustc, of which the version alone is told.
"""

import json
import re
import zlib
from collections.abc import Iterator
from typing import NamedTuple

from rorqual.analyzers.formats.elf import names
from rorqual.analyzers.formats.elf.layout import Layout
from rorqual.sdk import View

SEARCHED = 8 << 20  # bytes of constants searched for a path of the standard library
PACKED_MOST = 1 << 20  # bytes of .dep-v0; programs with a thousand crates have 20 KB
JSON_MOST = 1 << 20  # bytes of it unpacked; those have 200 KB
_PIECE = 1 << 20
# As the project builds the library, and as Debian does.
_SOURCE = re.compile(rb"/rustc/([0-9a-f]{40})[/\\]|/usr/src/rustc-(\d{1,3}\.\d{1,3}\.\d{1,3})/")
_SOURCE_WIDTH = 48
_VERSION = re.compile(rb"rustc (?:version )?(\d+\.\d+\.\d+[^\x00-\x1f]{0,100}\))")


class Crate(NamedTuple):
    """A crate that went into the program."""

    name: str
    version: str
    source: str  # crates.io, git, local, registry …
    kind: str  # runtime or build
    root: bool


class Audit(NamedTuple):
    """.dep-v0; `crates` is None where it is not what it should be."""

    at: int
    size: int
    crates: tuple[Crate, ...] | None


class Source(NamedTuple):
    """The first path of the standard library's sources, and which of commit and version it names."""

    at: int
    size: int
    commit: str | None
    version: str | None


def source(layout: Layout, view: View) -> Source | None:
    """Looks for a path of the standard library's sources in the constants."""
    section = layout.section(".rodata") or layout.section(".data.rel.ro")
    if section is None or not section.present:
        return None
    end = section.at + min(section.present, SEARCHED)
    at = section.at
    while at < end:
        data = view.read(at, min(_PIECE + _SOURCE_WIDTH, end - at))
        # A plain search is ten times as fast as the expression.
        if b"/rustc" in data and (found := _SOURCE.search(data)):
            commit, version = (None if group is None else group.decode("ascii") for group in found.groups())
            return Source(at + found.start(), len(found[0]), commit, version)
        if not data:
            return None
        at += _PIECE
    return None


def version_in(data: bytes) -> str | None:
    """1.75.0 (82e1608df 2023-12-21), as .comment and .rustc have it."""
    found = _VERSION.search(data)
    return names.printable(found[1]) if found else None


def audit(layout: Layout, view: View) -> Audit | None:
    """The crates that cargo-auditable wrote down."""
    section = layout.section(".dep-v0")
    if section is None or not section.present:
        return None
    packed = view.read(section.at, min(section.present, PACKED_MOST))
    crates = _crates(_unpacked(packed)) if len(packed) == section.present else None
    view.step(len(packed) // 16)
    return Audit(section.at, section.present, crates)


def _unpacked(packed: bytes) -> bytes:
    decoder = zlib.decompressobj()
    try:
        data = decoder.decompress(packed, JSON_MOST)
    except zlib.error:
        return b""
    return data if decoder.eof else b""


def _crates(data: bytes) -> tuple[Crate, ...] | None:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):  # not JSON, or nested deeper than a list of crates is
        return None
    packages = found.get("packages") if isinstance(found, dict) else None
    return tuple(_each(packages)) if isinstance(packages, list) else None


def _each(packages: list[object]) -> Iterator[Crate]:
    for one in packages:
        if isinstance(one, dict):
            texts = (_text(one.get(name, "")) for name in ("name", "version", "source"))
            name, version, source = texts
            yield Crate(name, version, source, _text(one.get("kind", "runtime")), one.get("root") is True)


def _text(value: object) -> str:
    return names.printable((value if isinstance(value, str) else json.dumps(value)).encode("utf-8", "replace"))
