"""The load configuration: security cookie, exception handlers, control flow guard and what later Windows added.

IMAGE_LOAD_CONFIG_DIRECTORY, as far as its own size says; load_config_fields.py has the fields. Tables that it points
to are counted, not told; hot patches, dynamic value relocations and hybrid (CHPE, ARM64X) metadata are not followed.
"""

from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.pe import names
from rorqual.analyzers.formats.pe.layout import Layout
from rorqual.analyzers.formats.pe.memory import Memory
from rorqual.analyzers.formats.pe.running.load_config_fields import (
    FIELDS_32,
    FIELDS_64,
    GUARD_FLAGS,
    LOAD_CONFIG,
    STRIDE_MASK,
    STRIDE_SHIFT,
    LoadConfig,
    read_load_config,
)
from rorqual.sdk import Anchor, Anomaly, Hit, Kind, Malformed, Said, View, frozen

I386 = 0x14C
GUARD_ENTRY = 4  # bytes of an RVA in a guard table, before the extra ones
# What linkers leave in the cookie, for the loader to replace: winnt.h's default, and that of 16 bits.
COOKIES_AT_REST = {4: (0xBB40_E64E, 0xBB40), 8: (0x2B99_2DDF_A232, 0xBB40)}
# (table, count, bytes of an entry; None: with the guard flags' extra bytes)
TABLES = (
    ("seh_table", "seh_count", 4),
    ("cfg_table", "cfg_count", None),
    ("address_taken_iat_table", "address_taken_iat_count", None),
    ("long_jump_table", "long_jump_count", None),
    ("eh_continuation_table", "eh_continuation_count", None),
)


@frozen
class PELoadConfig:
    """The load configuration. Addresses are RVAs; None: not in the stored size, or a null address.

    The finding spans what is there of the structure.
    """

    tag: ClassVar[str] = "pe_load_config"
    structure_size: int  # bytes, as stored in its first field
    directory_size: int  # bytes, as the data directory has it
    timestamp: int | None
    version: str | None
    global_flags_clear: int | None
    global_flags_set: int | None
    critical_section_timeout: int | None  # ms
    decommit_free_block_threshold: int | None
    decommit_total_free_threshold: int | None
    lock_prefix_table: int | None
    maximum_allocation_size: int | None
    virtual_memory_threshold: int | None
    process_heap_flags: int | None
    process_affinity_mask: int | None
    csd_version: int | None
    dependent_load_flags: int | None  # LOAD_LIBRARY_SEARCH_… for the image's imports
    edit_list: int | None
    security_cookie: int | None
    security_cookie_value: int | None  # in the file; None: not mapped
    security_cookie_default: bool | None  # whether that is the value that linkers leave there
    seh_table: int | None
    seh_count: int | None
    guard_flags: tuple[str, ...]
    guard_extra_bytes: int | None  # of each entry of the guard tables
    cfg_check: int | None
    cfg_dispatch: int | None
    cfg_table: int | None
    cfg_count: int | None
    address_taken_iat_table: int | None
    address_taken_iat_count: int | None
    long_jump_table: int | None
    long_jump_count: int | None
    eh_continuation_table: int | None
    eh_continuation_count: int | None
    xfg_check: int | None
    xfg_dispatch: int | None
    xfg_table_dispatch: int | None
    rf_failure_routine: int | None
    rf_failure_routine_pointer: int | None
    rf_verify_stack_pointer: int | None
    cast_guard_failure_mode: int | None
    guard_memcpy: int | None
    uma_pointers: int | None
    code_integrity_flags: int | None
    code_integrity_catalog: int | None
    code_integrity_catalog_offset: int | None
    dynamic_value_relocations: int | None
    dynamic_value_relocations_offset: int | None
    dynamic_value_relocations_section: int | None
    chpe_metadata: int | None  # hybrid code: CHPE, ARM64EC, ARM64X
    hot_patch_table_offset: int | None
    enclave_configuration: int | None
    volatile_metadata: int | None


class PELoadConfiguration:
    """Tells the load configuration of an image."""

    name = "pe-load-config"
    version = 1
    wakes_on: tuple[Anchor | Kind, ...] = (Kind("pe"),)

    def score(self, view: View, /) -> int:
        """Kinds need none."""
        return 1

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        """The structure and what is wrong with it."""
        layout = hit.context
        if not isinstance(layout, Layout):
            raise Malformed(hit.offset, "a PE's layout")
        memory = Memory(layout, hit.view)
        config = read_load_config(layout, memory)
        if config is None:
            return
        body = _body(layout, memory, config)
        field_at = layout.headers.directories_at + 8 * LOAD_CONFIG
        at = layout.at(config.rva)
        place, size = (field_at, 8) if at is None else (at, min(config.read, layout.mapped(config.rva)[1]))
        yield hit.finding(place, size, body)
        for name, proof in _anomalies(layout, memory, config, body):
            yield hit.finding(place, size, Anomaly(name, proof))


def _body(layout: Layout, memory: Memory, config: LoadConfig) -> PELoadConfig:
    values, optional = config.values, layout.headers.optional
    width = 8 if optional.magic == names.PE32_PLUS else 4
    addresses = {
        field: config.rva_of(field, optional.image_base)
        for field in (
            *("lock_prefix_table", "edit_list", "security_cookie", "seh_table", "cfg_check", "cfg_dispatch"),
            *("cfg_table", "address_taken_iat_table", "long_jump_table", "eh_continuation_table", "xfg_check"),
            *("xfg_dispatch", "xfg_table_dispatch", "rf_failure_routine", "rf_failure_routine_pointer"),
            *("rf_verify_stack_pointer", "cast_guard_failure_mode", "guard_memcpy", "uma_pointers"),
            *("dynamic_value_relocations", "chpe_metadata", "enclave_configuration", "volatile_metadata"),
        )
    }
    cookie = addresses["security_cookie"]
    stored = memory.read(cookie, width) if cookie is not None and cookie >= 0 else b""
    value = int.from_bytes(stored, "little") if len(stored) == width else None
    numbers = {
        field: values.get(field)
        for field in (
            *("timestamp", "global_flags_clear", "global_flags_set", "critical_section_timeout"),
            *("decommit_free_block_threshold", "decommit_total_free_threshold", "maximum_allocation_size"),
            *("virtual_memory_threshold", "process_heap_flags", "process_affinity_mask", "csd_version"),
            *("dependent_load_flags", "seh_count", "cfg_count", "address_taken_iat_count", "long_jump_count"),
            *("eh_continuation_count", "code_integrity_flags", "code_integrity_catalog"),
            *("code_integrity_catalog_offset", "dynamic_value_relocations_offset"),
            *("dynamic_value_relocations_section", "hot_patch_table_offset"),
        )
    }
    guard = values.get("guard_flags")
    minor = values.get("minor_version")
    return PELoadConfig(
        structure_size=config.size,
        directory_size=layout.headers.directories[LOAD_CONFIG].size,
        version=None if minor is None else f"{values['major_version']}.{minor}",
        security_cookie_value=value,
        security_cookie_default=None if value is None else value in COOKIES_AT_REST[width],
        guard_flags=names.flags((guard or 0) & ~STRIDE_MASK, GUARD_FLAGS),
        guard_extra_bytes=None if guard is None else guard >> STRIDE_SHIFT,
        **addresses,
        **numbers,
    )


def _anomalies(layout: Layout, memory: Memory, config: LoadConfig, body: PELoadConfig) -> Iterator[tuple[str, str]]:
    values, base = config.values, layout.headers.optional.image_base
    plus = layout.headers.optional.magic == names.PE32_PLUS
    fields = FIELDS_64 if plus else FIELDS_32
    least = sum(width or (8 if plus else 4) for _, width in fields[: fields.index(("security_cookie", 0))])
    if config.size < least:
        yield "load_config_short", f"size {config.size:#x}, less than the fields of Windows XP take, {least:#x}"
    elif config.read < min(config.size, 512):
        yield "load_config_cut", f"size {config.size:#x}, {config.read:#x} bytes are mapped"
    if not layout.knows_all_sections:
        return
    if body.security_cookie is not None and body.security_cookie_value is None:
        yield "security_cookie_unmapped", f"cookie at {values['security_cookie']:#x}, image base {base:#x}"
    for table, count, width in TABLES:
        if table == "seh_table" and layout.headers.coff.machine != I386:
            continue  # what other machines have there is of no effect
        rva, entries = config.rva_of(table, base), values.get(count, 0)
        if rva is None or not entries:
            continue
        size = entries * (width or GUARD_ENTRY + (body.guard_extra_bytes or 0))
        mapped = layout.mapped(rva)[2] if rva >= 0 else 0
        if mapped < size:
            proof = f"{entries} entries at RVA {rva:#x}: {size:#x} bytes, {mapped:#x} are mapped"
            yield f"{table}_unmapped", proof
