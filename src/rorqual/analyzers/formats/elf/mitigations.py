"""What protects a program from being exploited, as the compiler and linker left it in the file.

Position independence (DF_1_PIE, or an interpreter), read-only relocations (PT_GNU_RELRO, with immediate binding in
full), a stack that is not executable (PT_GNU_STACK), stack canaries and fortified functions (by the symbols that they
call), control-flow protection (GNU properties), run paths, and what is left of symbols. The meaning of each is that of
checksec (https://github.com/slimm609/checksec), but for immediate binding by DF_1_NOW alone, which loaders know too.
Without symbols nothing is said of canaries and fortified functions of a statically linked program.
"""

from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.elf import names, tags
from rorqual.analyzers.formats.elf.context import WOKEN, layout_of
from rorqual.analyzers.formats.elf.dynamic import path_kind
from rorqual.analyzers.formats.elf.layout import Layout
from rorqual.analyzers.formats.elf.note_table import notes, spans
from rorqual.analyzers.formats.elf.properties import features
from rorqual.analyzers.formats.elf.symbol_table import dynamic_strings, dynamic_symbols, symbol_form, symbols
from rorqual.analyzers.formats.strings import Strings
from rorqual.sdk import Anchor, Hit, Kind, Said, View, frozen

SYMBOLS_READ = 400_000  # of one table; a call that shows itself only behind them is not seen
NOTES_READ = 64  # notes looked at; linkers put properties first
_PROPERTIES_MOST = 4096  # bytes
_CANARIES = frozenset(
    {b"__stack_chk_fail", b"__stack_chk_guard", b"__intel_security_cookie", b"__stack_chk_fail_local"}
)
# The functions for which the GNU C library 2.36 has a checking twin (__NAME_chk).
_FORTIFIABLE = frozenset(
    (
        b"asprintf confstr dprintf explicit_bzero fgets fgets_unlocked fgetws fgetws_unlocked fprintf fread "
        b"fread_unlocked fwprintf getcwd getdomainname getgroups gethostname getlogin_r gets getwd longjmp "
        b"mbsnrtowcs mbsrtowcs mbstowcs memcpy memmove mempcpy memset obstack_printf obstack_vprintf poll ppoll "
        b"pread pread64 printf ptsname_r read readlink readlinkat realpath recv recvfrom snprintf sprintf stpcpy "
        b"stpncpy strcat strcpy strncat strncpy swprintf syslog ttyname_r vasprintf vdprintf vfprintf vfwprintf "
        b"vprintf vsnprintf vsprintf vswprintf vsyslog vwprintf wcpcpy wcpncpy wcrtomb wcscat wcscpy wcsncat "
        b"wcsncpy wcsnrtombs wcsrtombs wcstombs wctomb wmemcpy wmemmove wmempcpy wmemset wprintf fdelt"
    ).split()
)

_WANTED = frozenset(
    {*_CANARIES, *_FORTIFIABLE, *(b"__" + name + b"_chk" for name in _FORTIFIABLE), b"__safestack_init"}
)


@frozen
class ELFMitigations:
    """What protects a program; the finding spans the file header, which the others hang on."""

    tag: ClassVar[str] = "elf_mitigations"
    pie: str  # yes, no, shared-object or relocatable
    relro: str  # none, partial or full
    bind_now: bool
    stack: str  # "not-executable", "executable", or "default": no PT_GNU_STACK, the kernel decides by machine
    stack_canary: bool | None  # None: there are no symbols to tell by
    fortified: tuple[str, ...]  # functions called in their checking form
    fortifiable: tuple[str, ...]  # called in the form that does not check, though there is one that does
    control_flow: tuple[str, ...]  # IBT, SHSTK, BTI, PAC, GCS …
    safe_stack: bool
    run_path: tuple[str, ...]  # kinds of directories in DT_RPATH and DT_RUNPATH: origin, relative, writable, absolute
    rpath: bool
    runpath: bool
    text_relocations: bool
    statically_linked: bool
    linker_symbols: bool  # .symtab
    debug_information: bool  # DWARF in the file


class ELFMitigationsProbe:
    """The protections of an ELF file."""

    name = "elf-mitigations"
    version = 1
    wakes_on: tuple[Anchor | Kind, ...] = (WOKEN,)

    def score(self, view: View, /) -> int:
        """Not used: nothing but a kind wakes it."""
        return 1

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        """All of them in one finding."""
        layout = layout_of(hit)
        if layout.type not in (names.EXEC, names.DYN, names.REL):
            return
        view, dynamic = hit.view, layout.dynamic
        strings = dynamic_strings(layout, view)
        called = _called(layout, view, strings)
        flags = (dynamic.value(tags.DT_FLAGS) or 0) if dynamic else 0
        flags_1 = (dynamic.value(tags.DT_FLAGS_1) or 0) if dynamic else 0
        bind_now = bool(flags & tags.DF_BIND_NOW or flags_1 & tags.DF_1_NOW)
        bind_now = bind_now or (dynamic is not None and dynamic.value(tags.DT_BIND_NOW) is not None)
        relro = layout.segment(names.PT_GNU_RELRO) is not None
        paths = _run_paths(layout, strings)
        fortified = {name[2:-4] for name in called or () if name.startswith(b"__") and name.endswith(b"_chk")}
        body = ELFMitigations(
            pie=_pie(layout, flags_1),
            relro="none" if not relro else "full" if bind_now else "partial",
            bind_now=bind_now,
            stack=_stack(layout),
            stack_canary=None if called is None else bool(called & _CANARIES),
            fortified=_sorted(fortified & _FORTIFIABLE),
            fortifiable=_sorted((called or set()) & _FORTIFIABLE),
            control_flow=_control_flow(layout, view),
            safe_stack=b"__safestack_init" in (called or ()),
            run_path=tuple(sorted({path_kind(part) for path in paths for part in path.split(":")})),
            rpath=dynamic is not None and dynamic.value(tags.DT_RPATH) is not None,
            runpath=dynamic is not None and dynamic.value(tags.DT_RUNPATH) is not None,
            text_relocations=bool(flags & 0x4) or (dynamic is not None and dynamic.value(tags.DT_TEXTREL) is not None),
            statically_linked=layout.type != names.REL and not _needs_others(layout),
            linker_symbols=_has(layout, names.SHT_SYMTAB),
            debug_information=any(s.present and s.name in (".debug_info", ".zdebug_info") for s in layout.sections),
        )
        yield hit.finding(0, 64 if layout.form.wide else 52, body)


def _pie(layout: Layout, flags_1: int) -> str:
    if layout.type != names.DYN:
        return "no" if layout.type == names.EXEC else "relocatable"
    named = layout.dynamic is not None and layout.dynamic.value(tags.DT_SONAME) is not None
    program = bool(flags_1 & tags.DF_1_PIE) or (layout.needs_interpreter and not named)
    return "yes" if program else "shared-object"


def _stack(layout: Layout) -> str:
    row = layout.segment(names.PT_GNU_STACK)
    if row is None:
        return "default"
    return "executable" if row.flags & names.PF_X else "not-executable"


def _needs_others(layout: Layout) -> bool:
    """Whether a loader brings in libraries; a library that needs none is not linked statically for that."""
    if layout.needs_interpreter:
        return True
    return layout.type == names.DYN and layout.dynamic is not None and not _static_pie(layout)


def _static_pie(layout: Layout) -> bool:
    flags = layout.dynamic.value(tags.DT_FLAGS_1) if layout.dynamic else None
    return bool((flags or 0) & tags.DF_1_PIE)


def _has(layout: Layout, kind: int) -> bool:
    section = layout.of_type(kind)
    return section is not None and section.present > 0


def _called(layout: Layout, view: View, strings: Strings | None) -> set[bytes] | None:
    """Names of the symbols that tell: of the dynamic table, or of the linker's where there is none."""
    if strings is not None and (table := dynamic_symbols(layout, view, strings)) is not None:
        return _telling(layout, view, strings, table.at, table.present)
    section = layout.of_type(names.SHT_SYMTAB)
    if section is None or not section.present or not 0 < section.row.link < len(layout.sections):
        return None
    linked = layout.sections[section.row.link]
    count = section.present // symbol_form(layout.form).size
    return _telling(layout, view, Strings(view, linked.at, linked.present), section.at, count)


def _telling(layout: Layout, view: View, strings: Strings, at: int, count: int) -> set[bytes]:
    places = {row[0] for row in symbols(view, layout.form, at, min(count, SYMBOLS_READ))}
    # Linkers write versions behind names in their own table: printf@GLIBC_2.2.5.
    return {name for place in places if (name := (strings.raw(place) or b"").partition(b"@")[0]) in _WANTED}


def _run_paths(layout: Layout, strings: Strings | None) -> list[str]:
    if layout.dynamic is None or strings is None:
        return []
    values = (layout.dynamic.value(tag) for tag in (tags.DT_RPATH, tags.DT_RUNPATH))
    return [text for value in values if value is not None and (text := strings.text(value)) is not None]


def _control_flow(layout: Layout, view: View) -> tuple[str, ...]:
    found: list[str] = []
    left = NOTES_READ
    for span in spans(layout):
        for note in notes(layout, view, span):
            left -= 1
            if left < 0:
                return tuple(dict.fromkeys(found))
            if note.name == "GNU" and note.type == 5:
                data = view.read(note.at, min(note.size, _PROPERTIES_MOST))
                found += features(data, layout.form, layout.machine)
    return tuple(dict.fromkeys(found))


def _sorted(found: set[bytes]) -> tuple[str, ...]:
    return tuple(sorted(name.decode("ascii") for name in found))
