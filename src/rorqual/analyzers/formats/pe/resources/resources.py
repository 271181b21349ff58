"""The resources of a PE image: what each leaf of the tree is, what lies in it, and what is wrong with the tree.

resource_tree.py has the structure, resource_content.py knows contents by their first bytes. The modules version.py,
manifest.py, icons.py and strings.py read the types that Windows itself knows. Fonts, cursors, DLGINIT and toolbars are
told as leaves only; so is what .NET keeps in its own resources, which lie elsewhere.

https://learn.microsoft.com/windows/win32/debug/pe-format#the-rsrc-section
"""

from collections import Counter
from collections.abc import Iterator

from rorqual.analyzers.formats.pe.layout import Layout
from rorqual.analyzers.formats.pe.resources.ranges import Ranges
from rorqual.analyzers.formats.pe.resources.resource_bodies import (
    PEResource,
    PEResourceRows,
    PEResources,
    ResourceLanguage,
    ResourceLie,
    ResourceRow,
    ResourceType,
)
from rorqual.analyzers.formats.pe.resources.resource_content import ARCHIVES, EXECUTABLES, content_of
from rorqual.analyzers.formats.pe.resources.resource_leaf import ENTRY_SIZE, Leaf, Lie
from rorqual.analyzers.formats.pe.resources.resource_names import (
    GROUP_ICON,
    RESOURCE,
    language_tag,
    primary_language,
    sublanguage,
)
from rorqual.analyzers.formats.pe.resources.resource_tree import Tree, tree_of
from rorqual.sdk import Anchor, Anomaly, Codec, Hit, Kind, RangeDigest, Region, Said, View

LEAVES_TOLD = 4096  # as findings of their own; the others follow as rows
FUEL_KEPT = 4 << 20  # units: the walk over the largest tree, its rows and the summary; leaves are rows from there on
ROWS = 256  # of a body
MEASURED_LEAST = 16  # bytes: a digest of less says no more than the bytes, and costs as much as one of a page
LIES_TOLD = 8  # of each name; all are counted
CHILDREN_TOLD = 1024  # embedded executables and archives; a source has 10,000 streams at most

_MEASURES = ("entropy", "sha256")
_CHILDREN = EXECUTABLES | ARCHIVES
_TYPES_MAX = 1024  # told apart; the types behind are counted as one, without a name
_SHOWN = 64  # types and languages in the summary, the most frequent first


class PEResourcesProbe:
    """The resource tree of each PE image."""

    name = "pe-resources"
    version = 1
    wakes_on: tuple[Anchor | Kind, ...] = (Kind("pe"),)

    def score(self, view: View, /) -> int:
        """The announcing probe has judged."""
        return 1

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        """Each leaf, each kind of lie, what is embedded, and the sum of it."""
        tree = tree_of(hit)
        layout = hit.context
        if tree is None or not isinstance(layout, Layout):
            return
        told = _Told(hit, layout, tree)
        for one in tree.leaves():
            yield from told.lie(one) if isinstance(one, Lie) else told.leaf(one)
        yield from told.end()


class _Told:
    """What of a tree has been told so far."""

    def __init__(self, hit: Hit, layout: Layout, tree: Tree) -> None:
        self._hit, self._layout, self._tree = hit, layout, tree
        self._lies: Counter[str] = Counter()
        self._types: Counter[str] = Counter()
        self._sizes: Counter[str] = Counter()
        self._languages: Counter[int] = Counter()
        self._measured = Ranges()
        self._rows: list[ResourceRow] = []
        self._children: set[tuple[int, int]] = set()
        self._leaves = self._findings = self._data_size = self._present = 0
        self._at = layout.at(tree.rva) or 0

    def lie(self, lie: Lie) -> Iterator[Said]:
        self._lies[lie.name] += 1
        if self._lies[lie.name] <= LIES_TOLD:
            yield self._hit.finding(lie.at, lie.size, Anomaly(lie.name, lie.proof))

    def leaf(self, leaf: Leaf) -> Iterator[Said]:
        self._leaves += 1
        type_ = leaf.type
        kind = type_ if type_ in self._types or len(self._types) < _TYPES_MAX else ""
        self._types[kind] += 1
        self._sizes[kind] += leaf.size
        self._data_size += leaf.size
        self._present += leaf.present
        language = leaf.language_id
        if language is not None:
            self._languages[language] += 1
        if self._findings < LEAVES_TOLD and self._hit.view.fuel.left > FUEL_KEPT:
            self._findings += 1
            yield from self._finding(leaf, type_, language)
            return
        if self._findings == self._leaves - 1:
            proof = f"{self._findings} resources are told one by one, the others follow as rows"
            yield from self.lie(Lie("resources_not_told", leaf.entry_at, ENTRY_SIZE, proof))
        offset = self._hit.offset + leaf.at if leaf.present else None
        self._rows.append(ResourceRow(type_, leaf.name, language, leaf.rva, leaf.size, offset))
        if len(self._rows) == ROWS:
            yield from self._flush()

    def end(self) -> Iterator[Said]:
        yield from self._flush()
        layout, tree = self._layout, self._tree
        size = layout.headers.directories[RESOURCE].size
        _, stored, _ = layout.mapped(tree.rva)
        languages = self._languages.most_common(_SHOWN)
        yield self._hit.finding(
            self._at,
            max(0, min(size, stored)),
            PEResources(
                rva=tree.rva,
                directory_size=size,
                timestamp=tree.timestamp,
                directories=tree.directories,
                entries=tree.entries,
                leaves=self._leaves,
                told=self._findings,
                data_size=self._data_size,
                present=self._present,
                children=len(self._children),
                types=tuple(ResourceType(t, n, self._sizes[t]) for t, n in self._types.most_common(_SHOWN)),
                number_of_types=len(self._types),
                languages=tuple(ResourceLanguage(n, language_tag(n), count) for n, count in languages),
                number_of_languages=len(self._languages),
                anomalies=tuple(ResourceLie(*pair) for pair in sorted(self._lies.items())),
            ),
        )

    def _flush(self) -> Iterator[Said]:
        if self._rows:
            body = PEResourceRows(self._leaves - len(self._rows), tuple(self._rows))
            self._rows.clear()
            yield self._hit.finding(self._at, ENTRY_SIZE, body)

    def _finding(self, leaf: Leaf, type_: str, language: int | None) -> Iterator[Said]:
        hit, present = self._hit, leaf.present
        content = None
        if present and leaf.kind != GROUP_ICON:  # which starts as an icon file does
            content = content_of(hit.view, leaf.at, present)
        measured = present >= MEASURED_LEAST
        shared = measured and not self._measured.take(leaf.at, leaf.at + present)
        name = leaf.path[1] if len(leaf.path) > 1 else None
        finding = hit.finding(
            leaf.at if present else leaf.entry_at,
            present or ENTRY_SIZE,
            PEResource(
                type=type_,
                type_id=leaf.kind if isinstance(leaf.kind, int) else None,
                name=leaf.name,
                name_id=name if isinstance(name, int) else None,
                language=None if language is None else language_tag(language),
                language_id=language,
                primary_language=None if language is None else primary_language(language),
                sublanguage=None if language is None else sublanguage(language),
                code_page=leaf.code_page,
                rva=leaf.rva,
                data_size=leaf.size,
                present=present,
                section=self._layout.section_of(leaf.rva),
                entry_offset=hit.offset + leaf.entry_at,
                content=content,
                shared=shared,
            ),
        )
        yield RangeDigest(finding, ((finding.offset, present),), _MEASURES) if measured and not shared else finding
        # What starts where the image does is the image itself.
        if content in _CHILDREN and leaf.at > 0 and (leaf.at, present) not in self._children:
            if len(self._children) < CHILDREN_TOLD:
                self._children.add((leaf.at, present))
                yield Region(leaf.at, present, content, through=Codec("resource", None))
            else:
                proof = f"{CHILDREN_TOLD} embedded files are looked into, this is one more"
                yield from self.lie(Lie("resources_not_told", leaf.at, present, proof))
