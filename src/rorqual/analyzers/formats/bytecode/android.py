"""Android's compiled XML (manifests, layouts) and resource tables: chunks in a chunk whose size is the file's.

https://android.googlesource.com/platform/frameworks/base/+/main/libs/androidfw/include/androidfw/ResourceTypes.h.
Of a manifest the package, its versions and permissions are told; resources are counted by package.
"""

from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.bytecode import ARSC, AXML
from rorqual.analyzers.formats.bytecode import android_chunks as parts
from rorqual.analyzers.formats.reader import Cut, told
from rorqual.sdk import Extent, Hit, Malformed, Room, Said, View, frozen

SIZE_MOST = 1 << 30
LIST_MOST = 128
TEXT_MOST = 512
ROOMS_MOST = 32
PACKAGE_NAME = 12, 256  # where a package's name is, and its bytes
KNOWN_IN_TABLE = {parts.STRING_POOL, parts.PACKAGE, 0x0206, 0x0207}


@frozen
class AndroidXML:
    """A compiled XML document."""

    tag: ClassVar[str] = "android_xml"
    root: str | None
    elements: int
    strings: int
    package: str | None  # of a manifest
    version_name: str | None
    version_code: int | None
    min_sdk: int | None
    target_sdk: int | None
    debuggable: bool
    permissions: tuple[str, ...]  # that it asks for, the first 128


@frozen
class AndroidResources:
    """A table of compiled resources."""

    tag: ClassVar[str] = "android_resources"
    packages: tuple[str, ...]  # the first 128
    strings: int


class AndroidXMLProbe:
    """Finds compiled XML anywhere."""

    name = "axml"
    version = 1
    wakes_on = AXML

    def score(self, view: View, /) -> int:
        """A size that has room for a pool of strings."""
        return int(int.from_bytes(view.read(4, 4), "little") >= 36)

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        size = int.from_bytes(view.exact(4, 4), "little")
        if not 36 <= size < SIZE_MOST:
            raise Malformed(hit.offset + 4, "a size")
        try:
            found = parts.chunks(view, parts.HEADER, size)
        except Cut:
            return
        if found[0].type != parts.STRING_POOL:
            raise Malformed(hit.offset + parts.HEADER, "a pool of strings")
        strings = parts.Strings(view, found[0])
        yield hit.finding(0, size, _document(view, found, strings))
        yield Extent(0, size, "axml", "chunks fill it to its end")
        known = {parts.STRING_POOL, parts.RESOURCE_MAP, *parts.XML_NODES}
        yield from _rooms(hit, "axml", found, known)


class AndroidResourcesProbe:
    """Finds tables of resources anywhere."""

    name = "arsc"
    version = 1
    wakes_on = ARSC

    def score(self, view: View, /) -> int:
        """A size that has room for a pool of strings."""
        return int(int.from_bytes(view.read(4, 4), "little") >= 40)

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        size = int.from_bytes(view.exact(4, 4), "little")
        if not 40 <= size < SIZE_MOST:
            raise Malformed(hit.offset + 4, "a size")
        try:
            found = parts.chunks(view, 12, size)
        except Cut:
            return
        strings = parts.Strings(view, found[0])
        packages: list[str] = []
        for one in found:
            if one.type == parts.PACKAGE and len(packages) < LIST_MOST:
                at, width = PACKAGE_NAME
                packages.append(_name(view.exact(one.at + at, width)))
        yield hit.finding(0, size, AndroidResources(tuple(packages), strings.count))
        yield Extent(0, size, "arsc", "chunks fill it to its end")
        yield from _rooms(hit, "arsc", found, KNOWN_IN_TABLE)


def _name(raw: bytes) -> str:
    return raw.decode("utf-16-le", "backslashreplace").partition("\0")[0]


def _rooms(hit: Hit, format: str, found: list[parts.Chunk], known: set[int]) -> Iterator[Said]:
    unknown = [one for one in found if one.type not in known and told(hit.view, one.at + one.head, one.size - one.head)]
    for one in unknown[:ROOMS_MOST]:
        yield hit.finding(one.at + one.head, one.size - one.head, Room(format, "private"))


def _document(view: View, found: list[parts.Chunk], strings: parts.Strings) -> AndroidXML:
    root: str | None = None
    told: dict[str, parts.Attribute] = {}
    permissions: list[str] = []
    starts = [one for one in found if one.type == parts.START_ELEMENT]
    for node in starts if _is_manifest(view, starts, strings) else starts[:1]:
        name, attributes = parts.element(view, node, strings)
        root = name[:TEXT_MOST] if root is None else root
        by_name = {one.name: one for one in attributes}
        if name == "uses-permission" and "name" in by_name and len(permissions) < LIST_MOST:
            permissions.append((by_name["name"].text or "")[:TEXT_MOST])
        elif name in ("manifest", "uses-sdk", "application"):
            told = by_name | told

    def text(key: str) -> str | None:
        value = told[key].text if key in told else None
        return value if value is None else value[:TEXT_MOST]

    def number(key: str) -> int | None:
        return told[key].value if key in told else None

    return AndroidXML(
        root=root,
        elements=len(starts),
        strings=strings.count,
        package=text("package"),
        version_name=text("versionName"),
        version_code=number("versionCode"),
        min_sdk=number("minSdkVersion"),
        target_sdk=number("targetSdkVersion"),
        debuggable=bool(number("debuggable")),
        permissions=tuple(permissions),
    )


def _is_manifest(view: View, starts: list[parts.Chunk], strings: parts.Strings) -> bool:
    return bool(starts) and parts.element(view, starts[0], strings)[0] == "manifest"
