"""What protects a program from being exploited or tampered with, as compiler, linker and signer left it in the file.

Position independence and the stack's and heap's rights (header flags), stack canaries, fortified functions and
reference counting (by the symbols they call), pointer authentication (arm64e), the restricted segment that makes the
loader ignore its variables, encryption, and what the signature asks for: hardened runtime, library validation.
"""

from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.macho import code_directory as signed
from rorqual.analyzers.formats.macho import commands, cpus, names
from rorqual.analyzers.formats.macho.code_directory import CodeDirectory
from rorqual.analyzers.formats.macho.context import WOKEN, layout_of
from rorqual.analyzers.formats.macho.layout import Layout
from rorqual.analyzers.formats.macho.symbol_table import imported
from rorqual.sdk import Anchor, Hit, Kind, Said, View, frozen

_CANARIES = frozenset({b"___stack_chk_fail", b"___stack_chk_guard"})
_COUNTING = frozenset(
    (
        b"_objc_release _objc_retain _objc_autoreleaseReturnValue _objc_retainAutoreleasedReturnValue "
        b"_objc_storeStrong _objc_retainAutoreleaseReturnValue _objc_unsafeClaimAutoreleasedReturnValue"
    ).split()
)


@frozen
class MachOMitigations:
    """What protects a program; the finding spans the file header."""

    tag: ClassVar[str] = "macho_mitigations"
    pie: bool | None  # None: not a program, which alone has to ask for it
    stack_executable: bool  # asked for
    heap_not_executable: bool  # asked for; processors of 64 bits have it without
    stack_canary: bool | None  # None: there are no symbols to tell by
    reference_counting: bool | None  # Objective-C's automatic kind
    fortified: tuple[str, ...] | None  # functions called in their checking form
    pointer_authentication: bool
    restricted: bool  # a segment or a code directory says so
    encrypted: bool
    signed: bool
    adhoc: bool | None  # None: not signed
    hardened_runtime: bool | None
    library_validation: bool | None  # asked for, or part of the hardened runtime
    writable_executable: tuple[str, ...]  # segments
    symbols_stripped: bool  # no symbol table


class MachOMitigationsProbe:
    """The protections of a Mach-O file."""

    name = "macho-mitigations"
    version = 1
    wakes_on: tuple[Anchor | Kind, ...] = (WOKEN,)

    def score(self, view: View, /) -> int:
        """Not used: nothing but a kind wakes it."""
        return 1

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        """All of them in one finding."""
        layout, view = layout_of(hit), hit.view
        if layout.type in (names.CORE, names.DSYM, names.FILESET, names.DYLIB_STUB):
            return
        file = layout.headers.file
        called = imported(layout, view)
        directory = _signed(layout, view)
        flags = None if directory is None else directory.flags
        hardened = None if flags is None else bool(flags & signed.RUNTIME)
        both = names.WRITE | names.EXECUTABLE
        written = [one.row.name for one in layout.headers.segments if one.row.protection & both == both]
        body = MachOMitigations(
            pie=bool(file.flags & names.PIE) if layout.type in (names.EXECUTE, names.DYLINKER) else None,
            stack_executable=bool(file.flags & names.ALLOW_STACK_EXECUTION),
            heap_not_executable=bool(file.flags & names.NO_HEAP_EXECUTION),
            stack_canary=None if called is None else bool(called & _CANARIES),
            reference_counting=None if called is None else bool(called & _COUNTING),
            fortified=None if called is None else _fortified(called),
            pointer_authentication=file.cpu == cpus.ARM64 and file.subtype & ~cpus.CAPABILITIES == cpus.ARM64E,
            restricted=layout.segment(b"__RESTRICT") is not None or bool((flags or 0) & 0x800),
            encrypted=_encrypted(layout),
            signed=directory is not None,
            adhoc=None if flags is None else bool(flags & signed.ADHOC),
            hardened_runtime=hardened,
            library_validation=None if flags is None else bool(flags & (signed.REQUIRE_LV | signed.RUNTIME)),
            writable_executable=tuple(names.printable(name.split(b"\0", 1)[0]) for name in written[:16])
            if layout.type != names.OBJECT
            else (),
            symbols_stripped=called is None,
        )
        yield hit.finding(0, layout.form.header, body)


def _signed(layout: Layout, view: View) -> CodeDirectory | None:
    part = layout.part("code-signature")
    if part is None or view.read(part.at, 4) != signed.SUPERBLOB.to_bytes(4, "big"):
        return None
    return next(iter(signed.code_directories(view, part.at, signed.read_superblob(view, part.at, part.present))), None)


def _encrypted(layout: Layout) -> bool:
    if any(one.row.flags & names.PROTECTED_VERSION_1 for one in layout.headers.segments):
        return True
    headers = layout.headers
    found = [headers.numbers(one, "3I") for one in headers.of(commands.ENCRYPTION_INFO, commands.ENCRYPTION_INFO_64)]
    return any(numbers is not None and numbers[2] for numbers in found)


def _fortified(called: set[bytes]) -> tuple[str, ...]:
    """___memcpy_chk calls memcpy in its checking form."""
    ours = {name[3:-4] for name in called if name.startswith(b"___") and name.endswith(b"_chk")}
    return tuple(sorted(names.printable(name) for name in ours))
