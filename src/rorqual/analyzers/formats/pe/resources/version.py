"""The version information of a PE image (resources of type VERSION), in each of its languages.

version_info.py has the structure. Of what the texts claim only what the headers contradict is told, as a fact: whether
a name is worn by the right file is for judges.
"""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from rorqual.analyzers.formats.pe import names
from rorqual.analyzers.formats.pe.layout import Layout
from rorqual.analyzers.formats.pe.resources.resource_leaf import Leaf
from rorqual.analyzers.formats.pe.resources.resource_names import VERSION, language_tag
from rorqual.analyzers.formats.pe.resources.resource_tree import tree_of
from rorqual.analyzers.formats.pe.resources.version_info import (
    VERSION_MAX,
    Fixed,
    Table,
    VersionInfo,
    VersionString,
    read_version,
)
from rorqual.sdk import Anchor, Anomaly, Finding, Hit, Kind, Said, View, frozen

VERSIONS_TOLD = 256  # resources of this type; there are not that many languages in one image
LIES_TOLD = 8  # of each name
ROWS = 256  # of a body
_TRANSLATIONS_TOLD = 256

FLAGS = {
    0x01: "DEBUG",
    0x02: "PRERELEASE",
    0x04: "PATCHED",
    0x08: "PRIVATEBUILD",
    0x10: "INFOINFERRED",
    0x20: "SPECIALBUILD",
}
SYSTEMS = {0: "UNKNOWN", 1: "DOS", 2: "OS216", 3: "OS232", 4: "NT", 5: "WINCE"}
WINDOWS = {0: "", 1: "WINDOWS16", 2: "PM16", 3: "PM32", 4: "WINDOWS32"}
TYPES = {0: "UNKNOWN", 1: "APP", 2: "DLL", 3: "DRV", 4: "FONT", 5: "VXD", 7: "STATIC_LIB"}
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)  # of FILETIME
_KEY = re.compile(r"[0-9A-Fa-f]{8}")
_FILETIME_MAX = 2_650_467_744_000_000_000  # the year 9999

# What a name's ending says of its file. Endings that programs and libraries share are left out.
_PROGRAMS = frozenset({"exe", "scr", "com"})
_LIBRARIES = frozenset({"dll", "ocx", "cpl", "ax", "pyd"})
_DOCUMENTS = frozenset({"pdf", "doc", "docx", "rtf", "xls", "xlsx", "ppt", "pptx", "txt", "htm", "html"}) | frozenset(
    {"jpg", "jpeg", "png", "gif", "bmp", "mp3", "mp4", "avi", "zip", "rar", "7z", "lnk", "url"}
)


@frozen
class PEFixedVersion:
    """VS_FIXEDFILEINFO."""

    file_version: str
    product_version: str
    flags_mask: int
    flags: tuple[str, ...]  # those the mask lets count
    os: str
    type: str
    subtype: int
    date: int  # a FILETIME, mostly 0
    date_utc: str | None


@frozen
class PETranslation:
    """A language and a code page that the strings are said to be in."""

    language: str | None
    language_id: int
    code_page: int


@frozen
class PEVersion:
    """A version resource; the finding spans its bytes in the file."""

    tag: ClassVar[str] = "pe_version"
    name: str | None
    language: str | None  # of the resource
    language_id: int | None
    fixed: PEFixedVersion | None
    translations: tuple[PETranslation, ...]  # 256 at most
    number_of_translations: int
    tables: int  # string tables
    strings: int  # in all of them


@frozen
class PEVersionStrings:
    """The strings of one table, 256 at most; the finding spans the table."""

    tag: ClassVar[str] = "pe_version_strings"
    key: str  # language and code page as the table has them, in hex
    language: str | None  # None: the key is no such number, or the language has no tag
    code_page: int | None
    first: int  # index of the first row
    rows: tuple[VersionString, ...]


class PEVersionProbe:
    """VERSION resources of each PE image."""

    name = "pe-version"
    version = 1
    wakes_on: tuple[Anchor | Kind, ...] = (Kind("pe"),)

    def score(self, view: View, /) -> int:
        """The announcing probe has judged."""
        return 1

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        """Each version resource, its strings, and what is wrong with it."""
        tree = tree_of(hit)
        if tree is None:
            return
        lies: Counter[str] = Counter()
        leaves = (one for one in tree.leaves(frozenset({VERSION})) if isinstance(one, Leaf) and one.present)
        for number, leaf in enumerate(leaves):
            if number == VERSIONS_TOLD:
                proof = f"{VERSIONS_TOLD} version resources are told, this is one more"
                yield hit.finding(leaf.at, leaf.present, Anomaly("versions_not_told", proof))
                return
            for said in _version(hit, leaf):
                if isinstance(said.body, Anomaly):
                    lies[said.body.name] += 1
                    if lies[said.body.name] > LIES_TOLD:
                        continue
                yield said


def _version(hit: Hit, leaf: Leaf) -> Iterator[Finding]:
    heard: list[tuple[str, int, int, str]] = []
    data = hit.view.read(leaf.at, min(leaf.present, VERSION_MAX))

    def lie(name: str, at: int, size: int, proof: str) -> None:
        heard.append((name, at, size, proof))

    info = read_version(data, lie=lie, step=hit.view.step)
    if info is None:
        proof = f"{len(data)} bytes that do not start with a VS_VERSION_INFO block"
        yield hit.finding(leaf.at, leaf.present, Anomaly("version_invalid", proof))
        return
    yield hit.finding(leaf.at, leaf.present, _body(leaf, info))
    for table in info.tables:
        yield from _strings(hit, leaf, table)
    for name, at, size, proof in heard:
        yield hit.finding(leaf.at + at, size, Anomaly(name, proof))
    yield from _contradictions(hit, leaf, info)


def _body(leaf: Leaf, info: VersionInfo) -> PEVersion:
    return PEVersion(
        name=leaf.name,
        language=leaf.language,
        language_id=leaf.language_id,
        fixed=None if info.fixed is None else _fixed(info.fixed),
        translations=tuple(
            PETranslation(language_tag(language), language, page)
            for language, page in info.translations[:_TRANSLATIONS_TOLD]
        ),
        number_of_translations=len(info.translations),
        tables=len(info.tables),
        strings=sum(len(table.strings) for table in info.tables),
    )


def _fixed(fixed: Fixed) -> PEFixedVersion:
    date = fixed.date_high << 32 | fixed.date_low
    system, windows = SYSTEMS.get(fixed.os >> 16), WINDOWS.get(fixed.os & 0xFFFF)
    if system is None or windows is None:
        system, windows = f"{fixed.os:#x}", ""
    moment = _EPOCH + timedelta(microseconds=date // 10) if 0 < date < _FILETIME_MAX else None
    return PEFixedVersion(
        file_version=_dotted(fixed.file_version_high, fixed.file_version_low),
        product_version=_dotted(fixed.product_version_high, fixed.product_version_low),
        flags_mask=fixed.flags_mask,
        flags=names.flags(fixed.flags & fixed.flags_mask, FLAGS),
        os="_".join(part for part in (system, windows) if part),
        type=TYPES.get(fixed.type, f"{fixed.type:#x}"),
        subtype=fixed.subtype,
        date=date,
        date_utc=None if moment is None else moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
    )


def _dotted(high: int, low: int) -> str:
    return f"{high >> 16}.{high & 0xFFFF}.{low >> 16}.{low & 0xFFFF}"


def _strings(hit: Hit, leaf: Leaf, table: Table) -> Iterator[Finding]:
    number = int(table.key, 16) if _KEY.fullmatch(table.key) else None
    language = None if number is None else language_tag(number >> 16)
    page = None if number is None else number & 0xFFFF
    for first in range(0, max(1, len(table.strings)), ROWS):
        rows = table.strings[first : first + ROWS]
        yield hit.finding(leaf.at + table.at, table.size, PEVersionStrings(table.key, language, page, first, rows))


def _contradictions(hit: Hit, leaf: Leaf, info: VersionInfo) -> Iterator[Finding]:
    """Claimed names that end as no file of this kind does; .NET starts libraries by programs that bear their names."""
    layout = hit.context
    assert isinstance(layout, Layout)
    is_dll = bool(layout.headers.coff.characteristics & names.DLL)
    told = set()
    for table in info.tables:
        for key, value in table.strings:
            if key not in ("OriginalFilename", "InternalName"):
                continue
            ending = value.strip().lower().removesuffix(".mui").rpartition(".")[2]
            claimed = _claimed(ending, is_dll=is_dll) if "." in value else None
            if claimed is not None and (key, value) not in told:
                told.add((key, value))
                proof = f"{key} {value[:256]!r}, the image is a {'library' if is_dll else 'program'}"
                yield hit.finding(leaf.at + table.at, table.size, Anomaly(f"version_names_{claimed}", proof))


def _claimed(ending: str, *, is_dll: bool) -> str | None:
    """What a file of this ending is, where the image is something else."""
    if ending in _DOCUMENTS:
        return "document"
    if ending in _PROGRAMS:
        return "program" if is_dll else None
    return "library" if ending in _LIBRARIES and not is_dll else None
