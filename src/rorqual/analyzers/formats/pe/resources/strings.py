"""Texts that a PE image shows: STRING, DIALOG, MENU, ACCELERATOR and MESSAGETABLE resources.

string_tables.py and dialogs.py have the structures. What programs draw or load themselves is not here.
"""

from collections import Counter
from collections.abc import Callable, Iterator

from rorqual.analyzers.formats.pe.resources.dialogs import (
    TEMPLATE_MAX,
    count_accelerators,
    read_dialog,
    read_menu,
)
from rorqual.analyzers.formats.pe.resources.resource_leaf import Leaf
from rorqual.analyzers.formats.pe.resources.resource_names import ACCELERATOR, DIALOG, MENU, MESSAGETABLE, STRING
from rorqual.analyzers.formats.pe.resources.resource_tree import tree_of
from rorqual.analyzers.formats.pe.resources.string_tables import BUNDLE_MAX, TextRow, bundle, messages
from rorqual.analyzers.formats.pe.resources.text_bodies import (
    PEAccelerators,
    PEDialog,
    PEMenu,
    PEMessages,
    PEStrings,
)
from rorqual.sdk import Anchor, Anomaly, Finding, Hit, Kind, Said, View

TOLD = 1024  # resources of each type; shell32.dll has some 700 bundles and 200 dialogs in a language
FUEL_KEPT = 1 << 18  # units: what saying that there is more costs, with room
LIES_TOLD = 8  # of each name
ROWS = 256  # of a body
MESSAGES_TOLD = 32_768  # of one table; those of Windows itself have some 10,000
_PAGE = 1 << 12  # message tables are read in pieces of this; blocks that leap about cost no more than that
_KINDS = frozenset({STRING, DIALOG, MENU, ACCELERATOR, MESSAGETABLE})


class PEStringsProbe:
    """Texts in the resources of each PE image."""

    name = "pe-strings"
    version = 1
    wakes_on: tuple[Anchor | Kind, ...] = (Kind("pe"),)

    def score(self, view: View, /) -> int:
        """The announcing probe has judged."""
        return 1

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        """Each resource with texts, and what is wrong with it."""
        tree = tree_of(hit)
        if tree is None:
            return
        seen: Counter[str] = Counter()
        told: Counter[str] = Counter()
        lies: Counter[str] = Counter()
        last: dict[str, Leaf] = {}
        for leaf in tree.leaves(_KINDS):
            if not isinstance(leaf, Leaf) or not leaf.present:
                continue
            seen[leaf.type] += 1
            last[leaf.type] = leaf
            if told[leaf.type] == TOLD or hit.view.fuel.left < FUEL_KEPT:
                continue
            told[leaf.type] += 1
            for said in _READERS[leaf.kind](hit, leaf):
                if isinstance(said.body, Anomaly):
                    lies[said.body.name] += 1
                    if lies[said.body.name] > LIES_TOLD:
                        continue
                yield said
        for kind, count in sorted((seen - told).items()):
            proof = f"{seen[kind]} {kind} resources, {count} of them are not told; the last is here"
            yield hit.finding(last[kind].at, last[kind].present, Anomaly("texts_not_told", proof))


def _strings(hit: Hit, leaf: Leaf) -> Iterator[Finding]:
    number = leaf.path[1] if len(leaf.path) > 1 else None
    if not isinstance(number, int) or not number:
        proof = f"bundle {leaf.name!r}: its texts have no numbers"
        yield _anomaly(hit, leaf, "string_bundle_unnumbered", proof)
        return
    lies: list[tuple[str, str]] = []
    rows = bundle(hit.view.read(leaf.at, min(leaf.present, BUNDLE_MAX)), number, _into(lies))
    hit.view.step(16)
    yield hit.finding(leaf.at, leaf.present, PEStrings(leaf.name, leaf.language, leaf.language_id, rows))
    for lie in lies:
        yield _anomaly(hit, leaf, *lie)


def _dialog(hit: Hit, leaf: Leaf) -> Iterator[Finding]:
    dialog = read_dialog(hit.view.read(leaf.at, min(leaf.present, TEMPLATE_MAX)), hit.view.step)
    if dialog is None:
        yield _anomaly(hit, leaf, "dialog_invalid", f"{leaf.present} bytes, less than its first fields")
        return
    body = PEDialog(
        name=leaf.name,
        language=leaf.language,
        language_id=leaf.language_id,
        extended=dialog.extended,
        title=dialog.title,
        font=dialog.font,
        point_size=dialog.point_size,
        window_class=dialog.window_class,
        menu=dialog.menu,
        style=dialog.style,
        number_of_controls=dialog.declared,
        controls=dialog.controls,
    )
    yield hit.finding(leaf.at, leaf.present, body)
    if dialog.read < dialog.declared:
        proof = f"{dialog.declared} controls declared, {dialog.read} in {leaf.present} bytes"
        yield _anomaly(hit, leaf, "dialog_cut", proof)


def _menu(hit: Hit, leaf: Leaf) -> Iterator[Finding]:
    menu = read_menu(hit.view.read(leaf.at, min(leaf.present, TEMPLATE_MAX)), hit.view.step)
    if menu is None:
        yield _anomaly(hit, leaf, "menu_invalid", f"{leaf.present} bytes that start as no menu does")
        return
    body = PEMenu(leaf.name, leaf.language, leaf.language_id, menu.extended, menu.items, menu.rows)
    yield hit.finding(leaf.at, leaf.present, body)
    if not menu.whole:
        yield _anomaly(hit, leaf, "menu_cut", f"{menu.items} items in {leaf.present} bytes, and no last one")


def _accelerators(hit: Hit, leaf: Leaf) -> Iterator[Finding]:
    count, whole = count_accelerators(hit.view.read(leaf.at, min(leaf.present, TEMPLATE_MAX)))
    hit.view.step(count)
    yield hit.finding(leaf.at, leaf.present, PEAccelerators(leaf.name, leaf.language, leaf.language_id, count))
    if not whole:
        yield _anomaly(hit, leaf, "accelerators_cut", f"{count} keys in {leaf.present} bytes, none marked as the last")


def _messages(hit: Hit, leaf: Leaf) -> Iterator[Finding]:
    lies: list[tuple[str, str]] = []
    rows: list[TextRow] = []
    first = 0
    found = messages(_paged(hit.view, leaf), leaf.present, _into(lies), hit.view.step)
    for row in found:
        if first + len(rows) == MESSAGES_TOLD:
            yield _anomaly(hit, leaf, "messages_not_told", f"{MESSAGES_TOLD} messages are told, more are there")
            break
        rows.append(row)
        if len(rows) == ROWS:
            yield _rows(hit, leaf, first, rows)
            first += len(rows)
            rows = []
    if rows or not first:
        yield _rows(hit, leaf, first, rows)
    for lie in lies[:LIES_TOLD]:
        yield _anomaly(hit, leaf, *lie)


_READERS: dict[int | str, Callable[[Hit, Leaf], Iterator[Finding]]] = {
    STRING: _strings,
    DIALOG: _dialog,
    MENU: _menu,
    ACCELERATOR: _accelerators,
    MESSAGETABLE: _messages,
}


def _rows(hit: Hit, leaf: Leaf, first: int, rows: list[TextRow]) -> Finding:
    body = PEMessages(leaf.name, leaf.language, leaf.language_id, first, tuple(rows))
    return hit.finding(leaf.at, leaf.present, body)


def _anomaly(hit: Hit, leaf: Leaf, name: str, proof: str) -> Finding:
    return hit.finding(leaf.at, leaf.present, Anomaly(name, proof))


def _into(lies: list[tuple[str, str]]) -> Callable[[str, str], None]:
    """Collects what is wrong, a handful: all of a kind look the same."""

    def lie(name: str, proof: str) -> None:
        if len(lies) < LIES_TOLD:
            lies.append((name, proof))

    return lie


def _paged(view: View, leaf: Leaf) -> Callable[[int, int], bytes]:
    """Reads the leaf by pieces, of which the last is kept: messages follow each other."""
    piece, start = b"", 0

    def read(at: int, size: int) -> bytes:
        nonlocal piece, start
        if not start <= at <= at + size <= start + len(piece):
            start = at
            piece = view.read(leaf.at + at, min(max(size, _PAGE), max(0, leaf.present - at)))
        return piece[at - start : at - start + size]

    return read
