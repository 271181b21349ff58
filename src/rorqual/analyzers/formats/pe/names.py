"""What the numbers of a PE header are called: winnt.h's names without prefixes, hex where it has none."""

from collections.abc import Mapping

from rorqual.analyzers.formats.strings import printable as printable  # noqa: PLC0414 - shared, and told here

PE32, PE32_PLUS, ROM = 0x10B, 0x20B, 0x107
FORMATS = {PE32: "PE32", PE32_PLUS: "PE32+", ROM: "ROM"}

MACHINES = {
    0x0001: "TARGET_HOST",
    0x014C: "I386",
    0x014D: "I860",
    0x0162: "R3000",
    0x0160: "R3000BE",
    0x0166: "R4000",
    0x0168: "R10000",
    0x0169: "WCEMIPSV2",
    0x0184: "ALPHA",
    0x01A2: "SH3",
    0x01A3: "SH3DSP",
    0x01A4: "SH3E",
    0x01A6: "SH4",
    0x01A8: "SH5",
    0x01C0: "ARM",
    0x01C2: "THUMB",
    0x01C4: "ARMNT",
    0x01D3: "AM33",
    0x01F0: "POWERPC",
    0x01F1: "POWERPCFP",
    0x01F2: "POWERPCBE",
    0x0200: "IA64",
    0x0266: "MIPS16",
    0x0268: "M68K",
    0x0284: "ALPHA64",
    0x0290: "PARISC",
    0x0366: "MIPSFPU",
    0x0466: "MIPSFPU16",
    0x0520: "TRICORE",
    0x0CEF: "CEF",
    0x0EBC: "EBC",
    0x3A64: "CHPE_X86",
    0x5032: "RISCV32",
    0x5064: "RISCV64",
    0x5128: "RISCV128",
    0x6232: "LOONGARCH32",
    0x6264: "LOONGARCH64",
    0x8664: "AMD64",
    0x9041: "M32R",
    0xA641: "ARM64EC",
    0xA64E: "ARM64X",
    0xAA64: "ARM64",
    0xC0EE: "CEE",
}
MACHINES_64 = frozenset({0x0200, 0x0284, 0x5064, 0x6264, 0x8664, 0xA641, 0xA64E, 0xAA64})
MACHINES_32 = frozenset({0x014C, 0x01C0, 0x01C2, 0x01C4, 0x3A64, 0x5032, 0x6232})
# .NET ReadyToRun images for other systems carry their machine XORed with the system's mark
# (https://github.com/dotnet/runtime/blob/main/docs/design/coreclr/botr/readytorun-format.md).
SYSTEMS = {0x4644: "Apple", 0xADC4: "FreeBSD", 0x7B79: "Linux", 0x1993: "NetBSD", 0x1992: "SunOS"}
READY_TO_RUN = {
    machine ^ mark: (machine, system)
    for mark, system in SYSTEMS.items()
    for machine in (0x014C, 0x8664, 0x01C4, 0xAA64, 0x5064, 0x6264)
}

SUBSYSTEMS = {
    0: "UNKNOWN",
    1: "NATIVE",
    2: "WINDOWS_GUI",
    3: "WINDOWS_CUI",
    5: "OS2_CUI",
    7: "POSIX_CUI",
    8: "NATIVE_WINDOWS",
    9: "WINDOWS_CE_GUI",
    10: "EFI_APPLICATION",
    11: "EFI_BOOT_SERVICE_DRIVER",
    12: "EFI_RUNTIME_DRIVER",
    13: "EFI_ROM",
    14: "XBOX",
    16: "WINDOWS_BOOT_APPLICATION",
    17: "XBOX_CODE_CATALOG",
}
EFI_SUBSYSTEMS = frozenset({10, 11, 12, 13})
LOW_ALIGNMENT_SUBSYSTEMS = EFI_SUBSYSTEMS | {1}  # as drivers are, too

CHARACTERISTICS = {
    0x0001: "RELOCS_STRIPPED",
    0x0002: "EXECUTABLE_IMAGE",
    0x0004: "LINE_NUMS_STRIPPED",
    0x0008: "LOCAL_SYMS_STRIPPED",
    0x0010: "AGGRESSIVE_WS_TRIM",
    0x0020: "LARGE_ADDRESS_AWARE",
    0x0080: "BYTES_REVERSED_LO",
    0x0100: "32BIT_MACHINE",
    0x0200: "DEBUG_STRIPPED",
    0x0400: "REMOVABLE_RUN_FROM_SWAP",
    0x0800: "NET_RUN_FROM_SWAP",
    0x1000: "SYSTEM",
    0x2000: "DLL",
    0x4000: "UP_SYSTEM_ONLY",
    0x8000: "BYTES_REVERSED_HI",
}
EXECUTABLE_IMAGE, DLL = 0x0002, 0x2000

DLL_CHARACTERISTICS = {
    0x0020: "HIGH_ENTROPY_VA",
    0x0040: "DYNAMIC_BASE",
    0x0080: "FORCE_INTEGRITY",
    0x0100: "NX_COMPAT",
    0x0200: "NO_ISOLATION",
    0x0400: "NO_SEH",
    0x0800: "NO_BIND",
    0x1000: "APPCONTAINER",
    0x2000: "WDM_DRIVER",
    0x4000: "GUARD_CF",
    0x8000: "TERMINAL_SERVER_AWARE",
}

SECTION_CHARACTERISTICS = {
    0x0000_0008: "TYPE_NO_PAD",
    0x0000_0020: "CNT_CODE",
    0x0000_0040: "CNT_INITIALIZED_DATA",
    0x0000_0080: "CNT_UNINITIALIZED_DATA",
    0x0000_0100: "LNK_OTHER",
    0x0000_0200: "LNK_INFO",
    0x0000_0800: "LNK_REMOVE",
    0x0000_1000: "LNK_COMDAT",
    0x0000_4000: "NO_DEFER_SPEC_EXC",
    0x0000_8000: "GPREL",
    0x0002_0000: "MEM_PURGEABLE",
    0x0004_0000: "MEM_LOCKED",
    0x0008_0000: "MEM_PRELOAD",
    0x0100_0000: "LNK_NRELOC_OVFL",
    0x0200_0000: "MEM_DISCARDABLE",
    0x0400_0000: "MEM_NOT_CACHED",
    0x0800_0000: "MEM_NOT_PAGED",
    0x1000_0000: "MEM_SHARED",
    0x2000_0000: "MEM_EXECUTE",
    0x4000_0000: "MEM_READ",
    0x8000_0000: "MEM_WRITE",
}
MEM_EXECUTE, MEM_READ, MEM_WRITE = 0x2000_0000, 0x4000_0000, 0x8000_0000
_ALIGN_MASK, _ALIGN_SHIFT, _ALIGN_MOST = (
    0x00F0_0000,
    20,
    14,
)  # a number, not flags: 1 to 14 is 1 to 8192 bytes

DIRECTORIES = (
    "EXPORT",
    "IMPORT",
    "RESOURCE",
    "EXCEPTION",
    "SECURITY",
    "BASERELOC",
    "DEBUG",
    "ARCHITECTURE",
    "GLOBALPTR",
    "TLS",
    "LOAD_CONFIG",
    "BOUND_IMPORT",
    "IAT",
    "DELAY_IMPORT",
    "COM_DESCRIPTOR",
    "RESERVED",
)
SECURITY = 4


def is_machine(value: int) -> bool:
    """Whether anybody builds for it; 0 (any machine) does not count."""
    return value in MACHINES or value in READY_TO_RUN


def machine_name(value: int) -> str:
    """AMD64, AMD64/Linux (.NET ReadyToRun), 0x1234."""
    if value in MACHINES:
        return MACHINES[value]
    if value in READY_TO_RUN:
        machine, system = READY_TO_RUN[value]
        return f"{MACHINES[machine]}/{system}"
    return f"{value:#06x}"


def flags(value: int, names: Mapping[int, str]) -> tuple[str, ...]:
    """The names of the bits set, lowest first; a bit without a name as hex."""
    bits = (1 << at for at in range(value.bit_length()) if value >> at & 1)
    return tuple(names.get(bit) or f"{bit:#x}" for bit in bits)


def section_flags(value: int) -> tuple[str, ...]:
    """As `flags`, with the alignment number of object files as ALIGN_nBYTES."""
    align = (value & _ALIGN_MASK) >> _ALIGN_SHIFT
    named = flags(value & ~_ALIGN_MASK, SECTION_CHARACTERISTICS)
    if not align:
        return named
    return (*named, f"ALIGN_{1 << align - 1}BYTES" if align <= _ALIGN_MOST else f"ALIGN_{align:#x}")
