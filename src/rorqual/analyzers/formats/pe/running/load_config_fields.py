"""IMAGE_LOAD_CONFIG_DIRECTORY: the fields in their order, as winnt.h has them, and how they are read.

The structure has grown with every Windows; its first field says how far it goes, and a field exists if it ends there.
https://learn.microsoft.com/windows/win32/debug/pe-format#the-load-configuration-structure-image-only
"""

from rorqual.analyzers.formats.pe import names
from rorqual.analyzers.formats.pe.layout import Layout
from rorqual.analyzers.formats.pe.memory import Memory
from rorqual.sdk import Malformed, frozen

LOAD_CONFIG = 10  # the directory's index
READ_MAX = 512  # bytes taken: Windows 11 defines 328

WORD, LONG, POINTER = 2, 4, 0  # widths in bytes; a pointer is as wide as the format's
_HEAD = (
    ("size", LONG),
    ("timestamp", LONG),
    ("major_version", WORD),
    ("minor_version", WORD),
    ("global_flags_clear", LONG),
    ("global_flags_set", LONG),
    ("critical_section_timeout", LONG),
    ("decommit_free_block_threshold", POINTER),
    ("decommit_total_free_threshold", POINTER),
    ("lock_prefix_table", POINTER),
    ("maximum_allocation_size", POINTER),
    ("virtual_memory_threshold", POINTER),
)
_HEAP_32 = (("process_heap_flags", LONG), ("process_affinity_mask", POINTER))
_HEAP_64 = tuple(reversed(_HEAP_32))
_REST = (
    ("csd_version", WORD),
    ("dependent_load_flags", WORD),
    ("edit_list", POINTER),
    ("security_cookie", POINTER),
    ("seh_table", POINTER),
    ("seh_count", POINTER),
    ("cfg_check", POINTER),
    ("cfg_dispatch", POINTER),
    ("cfg_table", POINTER),
    ("cfg_count", POINTER),
    ("guard_flags", LONG),
    ("code_integrity_flags", WORD),
    ("code_integrity_catalog", WORD),
    ("code_integrity_catalog_offset", LONG),
    ("code_integrity_reserved", LONG),
    ("address_taken_iat_table", POINTER),
    ("address_taken_iat_count", POINTER),
    ("long_jump_table", POINTER),
    ("long_jump_count", POINTER),
    ("dynamic_value_relocations", POINTER),
    ("chpe_metadata", POINTER),
    ("rf_failure_routine", POINTER),
    ("rf_failure_routine_pointer", POINTER),
    ("dynamic_value_relocations_offset", LONG),
    ("dynamic_value_relocations_section", WORD),
    ("reserved2", WORD),
    ("rf_verify_stack_pointer", POINTER),
    ("hot_patch_table_offset", LONG),
    ("reserved3", LONG),
    ("enclave_configuration", POINTER),
    ("volatile_metadata", POINTER),
    ("eh_continuation_table", POINTER),
    ("eh_continuation_count", POINTER),
    ("xfg_check", POINTER),
    ("xfg_dispatch", POINTER),
    ("xfg_table_dispatch", POINTER),
    ("cast_guard_failure_mode", POINTER),
    ("guard_memcpy", POINTER),
    ("uma_pointers", POINTER),
)
FIELDS_32 = _HEAD + _HEAP_32 + _REST
FIELDS_64 = _HEAD + _HEAP_64 + _REST

# As of IMAGE_GUARD_… in winnt.h; the top four bits are a number.
GUARD_FLAGS = {
    0x0000_0100: "CF_INSTRUMENTED",
    0x0000_0200: "CFW_INSTRUMENTED",
    0x0000_0400: "CF_FUNCTION_TABLE_PRESENT",
    0x0000_0800: "SECURITY_COOKIE_UNUSED",
    0x0000_1000: "PROTECT_DELAYLOAD_IAT",
    0x0000_2000: "DELAYLOAD_IAT_IN_ITS_OWN_SECTION",
    0x0000_4000: "CF_EXPORT_SUPPRESSION_INFO_PRESENT",
    0x0000_8000: "CF_ENABLE_EXPORT_SUPPRESSION",
    0x0001_0000: "CF_LONGJUMP_TABLE_PRESENT",
    0x0002_0000: "RF_INSTRUMENTED",
    0x0004_0000: "RF_ENABLE",
    0x0008_0000: "RF_STRICT",
    0x0010_0000: "RETPOLINE_PRESENT",
    0x0020_0000: "EH_CONTINUATION_TABLE_PRESENT_V1",
    0x0040_0000: "EH_CONTINUATION_TABLE_PRESENT",
    0x0080_0000: "XFG_ENABLED",
    0x0100_0000: "CASTGUARD_PRESENT",
    0x0200_0000: "MEMCPY_PRESENT",
}
CF_INSTRUMENTED, COOKIE_UNUSED = 0x100, 0x800
STRIDE_SHIFT, STRIDE_MASK = 28, 0xF000_0000


@frozen
class LoadConfig:
    """The structure as stored; fields past its size are missing."""

    rva: int
    size: int  # what its first field says
    read: int  # bytes of it taken
    values: dict[str, int]

    def rva_of(self, field: str, image_base: int) -> int | None:
        """The address in a field as an RVA; None where it is missing or null."""
        value = self.values.get(field)
        return value - image_base if value else None


def read_load_config(layout: Layout, memory: Memory) -> LoadConfig | None:
    """The image's load configuration; None where it has none.

    Raises:
        Malformed: nothing is mapped where it should be.
    """
    directory = next(iter(layout.headers.directories[LOAD_CONFIG : LOAD_CONFIG + 1]), None)
    if directory is None or not directory.rva or not directory.size:
        return None
    plus = layout.headers.optional.magic == names.PE32_PLUS
    head = memory.read(directory.rva, READ_MAX)
    if len(head) < 4:
        raise Malformed(0, f"a load configuration at RVA {directory.rva:#x}")
    size = int.from_bytes(head[:4], "little")
    data = head[:size]  # Windows goes by this size, whatever the directory says
    values: dict[str, int] = {}
    at = 0
    for name, width in FIELDS_64 if plus else FIELDS_32:
        end = at + (width or (8 if plus else 4))
        if end > len(data):
            break
        values[name] = int.from_bytes(data[at:end], "little")
        at = end
    return LoadConfig(directory.rva, size, len(data), values)
