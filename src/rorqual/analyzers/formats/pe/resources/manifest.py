"""Manifests of a PE image (resources of type MANIFEST): what the program asks of Windows, and what it needs.

    <assembly> <assemblyIdentity name=… version=…/> <dependency> … <trustInfo> … <requestedExecutionLevel level=…/>
    <compatibility> <application> <supportedOS Id="{…}"/> … <windowsSettings> <dpiAware>true</dpiAware> …

https://learn.microsoft.com/windows/win32/sbscs/application-manifests
manifest_scan.py reads the markup. COM classes, bindings and files that a manifest lists are not told apart.
"""

import re
from collections.abc import Iterator
from typing import ClassVar, NamedTuple

from rorqual.analyzers.formats.pe.resources.manifest_scan import Element, Scanned, scan
from rorqual.analyzers.formats.pe.resources.resource_leaf import Leaf
from rorqual.analyzers.formats.pe.resources.resource_names import MANIFEST, escaped, escaped_lines
from rorqual.analyzers.formats.pe.resources.resource_tree import tree_of
from rorqual.sdk import Anchor, Anomaly, Finding, Hit, Kind, Said, View, frozen

TEXT_MAX = 1 << 16  # bytes of a manifest that are read; the longest known have some 20,000
MANIFESTS_TOLD = 32  # Windows reads one of three; mixtures of languages have a few more
_VALUE_MAX = 512  # characters of a value
_ROWS = 256  # dependencies, settings, systems of a manifest

# https://learn.microsoft.com/windows/win32/sysinfo/targeting-your-application-at-windows-8-1
SYSTEMS = {
    "e2011457-1546-43c5-a5fe-008deee3d3f0": "Windows Vista",
    "35138b9a-5d96-4fbd-8e2d-a2440225f93a": "Windows 7",
    "4a2f28e3-53b9-4441-ba9c-d69d4a4a6e38": "Windows 8",
    "1f676c76-80e1-4239-95bb-83d0f6d0da78": "Windows 8.1",
    "8e0f7a12-bfb3-4fe8-b9a5-48fd50a15a9a": "Windows 10",
}
_LEVELS = frozenset({"asinvoker", "highestavailable", "requireadministrator"})  # Windows minds no case
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")


class AssemblyIdentity(NamedTuple):
    """An assembly's identity; empty where an attribute is missing."""

    name: str
    version: str
    architecture: str
    type: str
    public_key_token: str
    language: str


class SupportedOS(NamedTuple):
    """A Windows that the program says it knows; `name` is empty for an identifier that nobody uses."""

    id: str
    name: str


class Setting(NamedTuple):
    """One of the windowsSettings: dpiAware, longPathAware, activeCodePage …"""

    name: str
    value: str


@frozen
class PEManifest:
    """A manifest; the finding spans its bytes in the file."""

    tag: ClassVar[str] = "pe_manifest"
    name: str | None
    language: str | None
    language_id: int | None
    encoding: str
    text_size: int  # bytes there are
    text: str  # of the first 64 KiB
    identity: AssemblyIdentity | None
    description: str | None
    execution_level: str | None  # as it stands there
    ui_access: str | None  # the same
    auto_elevate: str | None  # the same
    dpi_aware: str | None  # the same
    supported_os: tuple[SupportedOS, ...]
    settings: tuple[Setting, ...]
    dependencies: tuple[AssemblyIdentity, ...]
    elements: int


class PEManifestProbe:
    """MANIFEST resources of each PE image."""

    name = "pe-manifest"
    version = 1
    wakes_on: tuple[Anchor | Kind, ...] = (Kind("pe"),)

    def score(self, view: View, /) -> int:
        """The announcing probe has judged."""
        return 1

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        """Each manifest and what is wrong with it."""
        tree = tree_of(hit)
        if tree is None:
            return
        leaves = (one for one in tree.leaves(frozenset({MANIFEST})) if isinstance(one, Leaf) and one.present)
        for number, leaf in enumerate(leaves):
            if number == MANIFESTS_TOLD:
                proof = f"{MANIFESTS_TOLD} manifests are told, this is one more"
                yield hit.finding(leaf.at, leaf.present, Anomaly("manifests_not_told", proof))
                return
            yield from _manifest(hit, leaf)


def _manifest(hit: Hit, leaf: Leaf) -> Iterator[Finding]:
    data = hit.view.read(leaf.at, min(leaf.present, TEXT_MAX))
    encoding, text = _decoded(data)
    scanned = scan(text, hit.view.step)
    yield hit.finding(leaf.at, leaf.present, _body(leaf, encoding, text, scanned))
    for name, proof in _wrong(leaf, scanned):
        yield hit.finding(leaf.at, leaf.present, Anomaly(name, proof))


def _wrong(leaf: Leaf, scanned: Scanned) -> Iterator[tuple[str, str]]:
    if leaf.present > TEXT_MAX:
        yield "manifest_not_told", f"{TEXT_MAX} of {leaf.present} bytes are read"
    if scanned.more:
        yield "manifest_not_told", f"{len(scanned.elements)} elements are read, more are there"
    if scanned.wrong is not None and leaf.present <= TEXT_MAX and not scanned.more:
        yield "manifest_malformed", escaped(scanned.wrong)
    if scanned.doctype:
        yield "manifest_doctype", "a document type, which is not read"
    levels = [one.attributes.get("level", "") for one in scanned.elements if one.name == "requestedExecutionLevel"]
    if len(levels) > 1:
        yield "manifest_level_repeated", f"{len(levels)} requestedExecutionLevel: {', '.join(levels[:4])[:_VALUE_MAX]}"
    for level in levels[:1]:
        if level.lower() not in _LEVELS:
            yield "manifest_level_unknown", f"requestedExecutionLevel {escaped(level[:_VALUE_MAX])!r}"


def _decoded(data: bytes) -> tuple[str, str]:
    """The encoding and the text: by mark, then by what the bytes declare; UTF-8 else."""
    if data.startswith((b"\xff\xfe", b"<\0")):
        return "utf-16-le", data.decode("utf-16-le", "backslashreplace").removeprefix("\ufeff")
    if data.startswith((b"\xfe\xff", b"\0<")):
        return "utf-16-be", data.decode("utf-16-be", "backslashreplace").removeprefix("\ufeff")
    declared = _DECLARED.search(data[:256])
    if declared is not None and declared[1].lower() in (b"windows-1252", b"iso-8859-1", b"latin1"):
        return declared[1].decode().lower(), data.decode("latin-1")
    return "utf-8", data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "backslashreplace")


def _body(leaf: Leaf, encoding: str, text: str, scanned: Scanned) -> PEManifest:
    elements = scanned.elements
    level = next((one for one in elements if one.name == "requestedExecutionLevel"), None)
    settings = [one for one in elements if one.path[-1:] == ("windowsSettings",)]
    dpi_aware = next((one for one in settings if one.name == "dpiAware"), None)
    elevate = next((one for one in elements if one.name == "autoElevate"), None)
    identities = [one for one in elements if one.name == "assemblyIdentity"]
    own = next((one for one in identities if "dependency" not in one.path), None)
    needed = [one for one in identities if "dependency" in one.path]
    systems = [one.attributes.get("Id", "") for one in elements if one.name == "supportedOS"]
    description = next((one.text for one in elements if one.name == "description"), None)
    return PEManifest(
        name=leaf.name,
        language=leaf.language,
        language_id=leaf.language_id,
        encoding=encoding,
        text_size=leaf.present,
        text=escaped_lines(text.rstrip("\0")),
        identity=None if own is None else _identity(own),
        description=None if description is None else _value(description),
        execution_level=None if level is None else _value(level.attributes.get("level", "")),
        ui_access=None if level is None else _value(level.attributes.get("uiAccess", "")),
        auto_elevate=None if elevate is None else _value(elevate.text),
        dpi_aware=None if dpi_aware is None else _value(dpi_aware.text),
        supported_os=tuple(
            SupportedOS(_value(one), SYSTEMS.get(one.strip("{} ").lower(), "")) for one in systems[:_ROWS]
        ),
        settings=tuple(Setting(_value(one.name), _value(one.text)) for one in settings[:_ROWS]),
        dependencies=tuple(_identity(one) for one in needed[:_ROWS]),
        elements=len(elements),
    )


def _identity(element: Element) -> AssemblyIdentity:
    keys = ("name", "version", "processorArchitecture", "type", "publicKeyToken", "language")
    return AssemblyIdentity(*(_value(element.attributes.get(key, "")) for key in keys))


def _value(text: str) -> str:
    return escaped(text.strip()[:_VALUE_MAX])
