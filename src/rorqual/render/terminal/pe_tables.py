"""What a PE image's tables come to: imports, exports, resources, callbacks, mitigations, and their hashes."""

from collections.abc import Iterator

from rorqual.render.terminal.fields import Fields
from rorqual.render.terminal.gather import Gathered
from rorqual.render.terminal.image import Fact
from rorqual.render.terminal.page import Part
from rorqual.render.terminal.values import clipped, count_text, list_text, size_text

NAME = 60  # characters of a name
LIBRARIES = 5
EXPORTS = 5
EXPORT = 40  # characters of an exported name, as C++ mangles them
TYPES = 5  # of resources
CALLBACKS = 4
PROTECTION = (  # field, what it is called
    ("aslr", "ASLR"),
    ("dep", "DEP"),
    ("cfg", "CFG"),
    ("safe_seh", "SafeSEH"),
    ("stack_cookie", "stack cookie"),
    ("cet_shadow_stack", "CET"),
    ("force_integrity", "signature required"),
    ("app_container", "AppContainer"),
)
MATTERS = frozenset({"aslr", "dep", "cfg", "safe_seh"})  # where it is off
MATTERS_MANAGED = frozenset({"aslr", "dep"})  # the runtime does the rest


def _protects(parts: Gathered) -> Iterator[Part]:
    told = parts.first("pe_mitigations")
    if not parts.count("pe_mitigations"):
        return
    matters = MATTERS_MANAGED if told.true("managed") else MATTERS
    on = [_named(told, field, name) for field, name in PROTECTION if told.true(field)]
    off = [name for field, name in PROTECTION if told.false(field) and field in matters]
    yield ", ".join(on)
    yield " · " if on and off else ""
    yield (f"no {', no '.join(off)}", "notable") if off else ""


def _named(told: Fields, field: str, name: str) -> str:
    return f"{name} (high entropy)" if field == "aslr" and told.true("high_entropy_aslr") else name


def _imports(parts: Gathered) -> Iterator[Part]:
    table = parts.first("pe_imports")
    libraries, functions = table.whole("libraries") or 0, table.whole("functions") or 0
    delayed, late = table.whole("delayed_libraries") or 0, table.whole("delayed_functions") or 0
    if not libraries + delayed:
        return
    yield f"{count_text(functions, 'function')} of {count_text(libraries, 'library', 'libraries')}"
    if delayed:
        yield f", delayed {late:,} of {delayed:,}"
    if by_ordinal := table.whole("by_ordinal"):
        yield f", {by_ordinal:,} by ordinal"
    rows = parts.first("pe_import_libraries").records("rows")[:LIBRARIES]
    yield f": {list_text([row.text('name') or '?' for row in rows], count=libraries + delayed)}" if rows else ""


def _exports(parts: Gathered) -> Iterator[Part]:
    table = parts.first("pe_exports")
    number = table.whole("functions") or 0
    if not parts.count("pe_exports"):
        return
    yield count_text(number, "function")
    yield f" of {clipped(name, NAME)}" if (name := table.text("name")) else ""
    yield f", {forwarded:,} forwarded" if (forwarded := table.whole("forwarded")) else ""
    rows = parts.first("pe_export_table").records("rows")[:EXPORTS]
    names = [row.text("name") or f"#{row.whole('ordinal')}" for row in rows]
    yield f": {list_text(names, count=max(number, table.whole('named') or 0), longest=EXPORT)}" if names else ""


def _resources(parts: Gathered) -> Iterator[Part]:
    tree = parts.first("pe_resources")
    if not (leaves := tree.whole("leaves")):
        return
    types = [f"{row.whole('number') or 0:,} {clipped(row.text('type'), NAME)}" for row in tree.records("types")[:TYPES]]
    kinds = tree.whole("number_of_types") or 0
    yield f"{leaves:,}: {list_text(types, count=kinds)}" + (" kinds" if kinds > len(types) else "")
    if (largest := parts.largest) is not None and leaves > 1:
        body = Fields.of(largest.body)
        yield f"; largest {clipped(body.text('type'), NAME)} {clipped(body.text('name'), NAME)}".rstrip()
        content = f", {content}" if (content := body.text("content")) else ""
        entropy = f", entropy {number:.2f}" if (number := body.number("entropy")) is not None else ""
        yield f", {size_text(largest.size)}{content}{entropy}"
    if children := tree.whole("children"):
        yield f"; {children:,} looked into", "notable"


def _callbacks(parts: Gathered) -> Iterator[Part]:
    """Code that runs before the entry point."""
    tls = parts.first("pe_tls")
    if number := tls.whole("callback_count"):
        places = [f"{row.whole('rva') or 0:#x}" for row in tls.records("callbacks")[:CALLBACKS]]
        yield f"{count_text(number, 'callback')} before the entry: {list_text(places, count=number)}"


def _import_hash(parts: Gathered) -> Iterator[Part]:
    yield from filter(None, [clipped(parts.first("pe_imports").text("import_hash"), NAME)])


def _rich_hash(parts: Gathered) -> Iterator[Part]:
    rich = parts.first("pe_rich")
    if value := rich.text("rich_hash"):
        yield clipped(value, NAME)
        yield (" · its checksum is wrong", "notable") if rich.false("checksum_valid") else ""


FACTS: tuple[Fact, ...] = (
    ("protects", _protects),
    ("imports", _imports),
    ("exports", _exports),
    ("resources", _resources),
    ("TLS", _callbacks),
    ("imphash", _import_hash),
    ("rich hash", _rich_hash),
)
