"""Which defences of Windows an image was built for, as its headers, load configuration and debug directory say.

https://learn.microsoft.com/windows/win32/debug/pe-format#dll-characteristics and winnt.h for the load configuration.
What is said is what the image declares: whether Windows applies it is a matter of version and policy, and whether the
code does what it declares is not looked at.
"""

from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.pe import names
from rorqual.analyzers.formats.pe.layout import Layout
from rorqual.analyzers.formats.pe.memory import Memory
from rorqual.analyzers.formats.pe.running import debug_types
from rorqual.analyzers.formats.pe.running.debug import read_rows
from rorqual.analyzers.formats.pe.running.load_config_fields import CF_INSTRUMENTED, COOKIE_UNUSED, read_load_config
from rorqual.sdk import Anchor, Anomaly, Hit, Kind, Malformed, Said, View, frozen

I386, AMD64 = 0x14C, 0x8664
BASERELOC, COM_DESCRIPTOR = 5, 14
RELOCS_STRIPPED = 0x0001
HIGH_ENTROPY_VA, DYNAMIC_BASE, FORCE_INTEGRITY, NX_COMPAT = 0x20, 0x40, 0x80, 0x100
NO_ISOLATION, NO_SEH, APPCONTAINER, GUARD_CF = 0x200, 0x400, 0x1000, 0x4000
CET_COMPAT = 0x1
_FLAGS_AT = 70  # DllCharacteristics in the optional header of either kind


@frozen
class PEMitigations:
    """What the image declares; None where it does not apply. The finding spans DllCharacteristics."""

    tag: ClassVar[str] = "pe_mitigations"
    aslr: bool  # DYNAMIC_BASE, and relocations that are not stripped
    high_entropy_aslr: bool | None  # of 64-bit images
    dep: bool  # NX_COMPAT; 64-bit processes have it without
    force_integrity: bool
    no_isolation: bool
    no_seh: bool
    safe_seh: bool | None  # of x86 images with handlers: only those in a table may run
    cfg: bool  # GUARD_CF, and code that is instrumented for it
    stack_cookie: bool
    cet_shadow_stack: bool | None  # of x86 and x64 images
    app_container: bool
    signed: bool  # a certificate table is present; whether it holds is not asked here
    relocations: bool  # there are any
    relocations_stripped: bool
    managed: bool  # .NET, whose runtime brings defences of its own


class PEHardening:
    """Sums up the mitigations of an image."""

    name = "pe-mitigations"
    version = 1
    wakes_on: tuple[Anchor | Kind, ...] = (Kind("pe"),)

    def score(self, view: View, /) -> int:
        """Kinds need none."""
        return 1

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        """One finding, and the contradictions."""
        layout = hit.context
        if not isinstance(layout, Layout):
            raise Malformed(hit.offset, "a PE's layout")
        headers = layout.headers
        optional, coff = headers.optional, headers.coff
        if optional.magic == names.ROM or headers.optional_present < _FLAGS_AT + 2:
            return
        flags = optional.dll_characteristics
        memory = Memory(layout, hit.view)
        guard, cookie, handlers = _configured(layout, memory)
        stripped = bool(coff.characteristics & RELOCS_STRIPPED)
        x86 = coff.machine in (I386, AMD64)
        body = PEMitigations(
            aslr=bool(flags & DYNAMIC_BASE) and not stripped,
            high_entropy_aslr=bool(flags & HIGH_ENTROPY_VA) if optional.magic == names.PE32_PLUS else None,
            dep=bool(flags & NX_COMPAT),
            force_integrity=bool(flags & FORCE_INTEGRITY),
            no_isolation=bool(flags & NO_ISOLATION),
            no_seh=bool(flags & NO_SEH),
            safe_seh=handlers if coff.machine == I386 and not flags & NO_SEH else None,
            cfg=bool(flags & GUARD_CF and (guard or 0) & CF_INSTRUMENTED),
            stack_cookie=cookie and not (guard or 0) & COOKIE_UNUSED,
            cet_shadow_stack=_cet(hit, layout, memory) if x86 else None,
            app_container=bool(flags & APPCONTAINER),
            signed=any(part.name == "certificates" and part.sound for part in layout.parts),
            relocations=_used(layout, BASERELOC),
            relocations_stripped=stripped,
            managed=_used(layout, COM_DESCRIPTOR),
        )
        flags_at = headers.optional_at + _FLAGS_AT
        yield hit.finding(flags_at, 2, body)
        if flags & DYNAMIC_BASE and stripped:
            proof = f"DYNAMIC_BASE in {flags:#x}, RELOCS_STRIPPED in {coff.characteristics:#x}"
            yield hit.finding(flags_at, 2, Anomaly("dynamic_base_without_relocations", proof))
        if flags & GUARD_CF and guard is not None and not guard & CF_INSTRUMENTED:
            proof = f"DllCharacteristics {flags:#x} has GUARD_CF, GuardFlags {guard:#x} lack CF_INSTRUMENTED"
            yield hit.finding(flags_at, 2, Anomaly("guard_cf_without_instrumentation", proof))


def _configured(layout: Layout, memory: Memory) -> tuple[int | None, bool, bool]:
    """Guard flags, whether there is a cookie, whether there is a table of safe handlers.

    The flags are None without a load configuration: images of resources alone have none, whatever they declare.
    """
    try:
        config = read_load_config(layout, memory)
    except Malformed:
        config = None  # pe-load-config says so
    if config is None:
        return None, False, False
    values = config.values
    handlers = bool(values.get("seh_table")) and "seh_count" in values
    return values.get("guard_flags"), bool(values.get("security_cookie")), handlers


def _cet(hit: Hit, layout: Layout, memory: Memory) -> bool:
    for row in read_rows(layout, memory)[0]:
        if row.type == debug_types.EX_DLL_CHARACTERISTICS:
            return bool(int.from_bytes(hit.view.read(row.pointer, min(row.size, 4)), "little") & CET_COMPAT)
    return False


def _used(layout: Layout, index: int) -> bool:
    return any(entry.rva and entry.size for entry in layout.headers.directories[index : index + 1])
