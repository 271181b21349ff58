"""Who built a file and of what: compilers (.comment), Go's build information, Rust's compiler and crates.

go.py and rust.py have the structures. A language that leaves no mark of its own is not guessed at.
"""

from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.elf import names
from rorqual.analyzers.formats.elf.bodies import ROWS
from rorqual.analyzers.formats.elf.context import WOKEN, layout_of
from rorqual.analyzers.formats.elf.go import GoModule, GoSetting, go_build, parse
from rorqual.analyzers.formats.elf.layout import Layout
from rorqual.analyzers.formats.elf.rust import Crate, audit, source, version_in
from rorqual.sdk import Anchor, Anomaly, Finding, Hit, Kind, Said, View, frozen

COMMENT_MOST = 1 << 16  # bytes of .comment; it has a line for each compiler and linker
COMMENTS_TOLD = 64
_METADATA_HEAD = 512  # bytes of .rustc: its mark, its format and the compiler's version


@frozen
class ELFCompilers:
    """What compilers and linkers wrote into .comment; the finding spans it."""

    tag: ClassVar[str] = "elf_compilers"
    count: int
    comments: tuple[str, ...]  # each once, at most COMMENTS_TOLD


@frozen
class ELFGo:
    """A program in Go; the finding spans what was read in place."""

    tag: ClassVar[str] = "elf_go"
    version: str
    inline: bool  # the form of Go 1.18 and later
    path: str  # of the main package
    module: GoModule | None
    dependencies: int
    settings: int


@frozen
class ELFGoDependencies:
    """Modules that a program in Go was built with."""

    tag: ClassVar[str] = "elf_go_dependencies"
    first: int
    rows: tuple[GoModule, ...]


@frozen
class ELFGoSettings:
    """How a program in Go was built."""

    tag: ClassVar[str] = "elf_go_settings"
    first: int
    rows: tuple[GoSetting, ...]


@frozen
class ELFRust:
    """A program or library in Rust, in part at least; the finding spans what says so first."""

    tag: ClassVar[str] = "elf_rust"
    compiler: str | None  # version of rustc
    commit: str | None  # of rustc's sources, hex
    metadata: str | None  # the compiler's version in .rustc
    crates: int | None  # that cargo-auditable wrote down


@frozen
class ELFRustCrates:
    """Crates that cargo-auditable wrote down; the finding spans .dep-v0."""

    tag: ClassVar[str] = "elf_rust_crates"
    first: int
    rows: tuple[Crate, ...]


class ELFBuildProbe:
    """Compilers, and what Go and Rust say of a build."""

    name = "elf-build"
    version = 1
    wakes_on: tuple[Anchor | Kind, ...] = (WOKEN,)

    def score(self, view: View, /) -> int:
        """Not used: nothing but a kind wakes it."""
        return 1

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        """Compilers, Go, Rust."""
        layout = layout_of(hit)
        if layout.type == names.CORE:
            return
        comment = b""
        section = layout.section(".comment")
        if section is not None and section.present:
            comment = hit.view.read(section.at, min(section.present, COMMENT_MOST))
            lines = tuple(dict.fromkeys(names.printable(line) for line in comment.split(b"\0") if line))
            if lines:
                body = ELFCompilers(len(lines), lines[:COMMENTS_TOLD])
                yield hit.finding(section.at, section.present, body)
        found = list(_go(hit, layout))
        yield from found
        if not found:
            yield from _rust(hit, layout, comment)


def _go(hit: Hit, layout: Layout) -> Iterator[Finding]:
    build = go_build(layout, hit.view)
    if build is None:
        return
    path, main, modules, settings = parse(build.text)
    hit.view.step(len(modules) + len(settings))
    body = ELFGo(build.version, build.inline, path, main, len(modules), len(settings))
    yield hit.finding(build.at, build.size, body)
    for first in range(0, len(modules), ROWS):
        yield hit.finding(build.at, build.size, ELFGoDependencies(first, tuple(modules[first : first + ROWS])))
    for first in range(0, len(settings), ROWS):
        yield hit.finding(build.at, build.size, ELFGoSettings(first, tuple(settings[first : first + ROWS])))


def _rust(hit: Hit, layout: Layout, comment: bytes) -> Iterator[Finding]:
    compiler, path, crates = version_in(comment), source(layout, hit.view), audit(layout, hit.view)
    metadata = layout.section(".rustc")
    version = None
    if metadata is not None and metadata.present:
        version = version_in(hit.view.read(metadata.at, min(metadata.present, _METADATA_HEAD)))
    if crates is not None and crates.crates is None:
        proof = f".dep-v0 of {crates.size} bytes is not JSON packed with zlib"
        yield hit.finding(crates.at, crates.size, Anomaly("rust_audit_data_invalid", proof))
    listed = crates.crates if crates is not None else None
    if compiler is None and path is None and listed is None and metadata is None:
        return
    section = layout.section(".comment")
    if compiler is not None and section is not None:
        at, size = section.at, section.present
    elif path is not None:
        at, size = path.at, path.size
    elif crates is not None:
        at, size = crates.at, crates.size
    elif metadata is not None:
        at, size = metadata.at, metadata.present
    stated = compiler or (path.version if path else None)
    body = ELFRust(stated, path.commit if path else None, version, len(listed) if listed is not None else None)
    yield hit.finding(at, size, body)
    if crates is not None and listed:
        for first in range(0, len(listed), ROWS):
            yield hit.finding(crates.at, crates.size, ELFRustCrates(first, listed[first : first + ROWS]))
