"""What the numbers of ELF headers are called: the specification's names without prefixes, hex where it has none.

https://gabi.xinuos.com, the processors' supplements, and what LLVM, GNU and the BSDs added. What a number for one
processor alone means depends on the machine.
"""

from collections.abc import Iterator, Mapping

from rorqual.analyzers.formats.elf.machines import (
    AARCH64,
    ALPHA,
    ARC,
    ARC_COMPACT,
    ARC_COMPACT2,
    ARM,
    IA_64,
    MIPS,
    PARISC,
    RISCV,
    S390,
    X86_64,
)
from rorqual.analyzers.formats.strings import printable as printable  # noqa: PLC0414 - shared, and told here

NONE, REL, EXEC, DYN, CORE = range(5)
TYPES = ("NONE", "REL", "EXEC", "DYN", "CORE")


PT_LOAD, PT_DYNAMIC, PT_INTERP, PT_NOTE = 1, 2, 3, 4
PT_GNU_STACK, PT_GNU_RELRO, PT_GNU_PROPERTY = 0x6474E551, 0x6474E552, 0x6474E553
SEGMENT_TYPES = {
    0: "NULL",
    1: "LOAD",
    2: "DYNAMIC",
    3: "INTERP",
    4: "NOTE",
    5: "SHLIB",
    6: "PHDR",
    7: "TLS",
    0x6464E550: "SUNW_UNWIND",
    0x6474E550: "GNU_EH_FRAME",
    0x6474E551: "GNU_STACK",
    0x6474E552: "GNU_RELRO",
    0x6474E553: "GNU_PROPERTY",
    0x6474E554: "GNU_SFRAME",
    0x65041580: "PAX_FLAGS",
    0x65A3DBE5: "OPENBSD_MUTABLE",
    0x65A3DBE6: "OPENBSD_RANDOMIZE",
    0x65A3DBE7: "OPENBSD_WXNEEDED",
    0x65A3DBE8: "OPENBSD_NOBTCFI",
    0x65A3DBE9: "OPENBSD_SYSCALLS",
    0x65A41BE6: "OPENBSD_BOOTDATA",
    0x6FFFFFFA: "SUNWBSS",
    0x6FFFFFFB: "SUNWSTACK",
}
_MACHINE_SEGMENTS = {
    MIPS: {
        0x70000000: "MIPS_REGINFO",
        0x70000001: "MIPS_RTPROC",
        0x70000002: "MIPS_OPTIONS",
        0x70000003: "MIPS_ABIFLAGS",
    },
    ARM: {0x70000000: "ARM_ARCHEXT", 0x70000001: "ARM_EXIDX"},
    AARCH64: {0x70000000: "AARCH64_ARCHEXT", 0x70000001: "AARCH64_UNWIND", 0x70000002: "AARCH64_MEMTAG_MTE"},
    PARISC: {0x70000000: "PARISC_ARCHEXT", 0x70000001: "PARISC_UNWIND"},
    IA_64: {0x70000000: "IA_64_ARCHEXT", 0x70000001: "IA_64_UNWIND"},
    RISCV: {0x70000003: "RISCV_ATTRIBUTES"},
    S390: {0x70000000: "S390_PGSTE"},
}
PF_X, PF_W, PF_R = 1, 2, 4

SHT_NULL, SHT_SYMTAB, SHT_STRTAB, SHT_DYNAMIC, SHT_NOTE, SHT_NOBITS, SHT_DYNSYM = 0, 2, 3, 6, 7, 8, 11
SECTION_TYPES = {
    0: "NULL",
    1: "PROGBITS",
    2: "SYMTAB",
    3: "STRTAB",
    4: "RELA",
    5: "HASH",
    6: "DYNAMIC",
    7: "NOTE",
    8: "NOBITS",
    9: "REL",
    10: "SHLIB",
    11: "DYNSYM",
    14: "INIT_ARRAY",
    15: "FINI_ARRAY",
    16: "PREINIT_ARRAY",
    17: "GROUP",
    18: "SYMTAB_SHNDX",
    19: "RELR",
    0x60000001: "ANDROID_REL",
    0x60000002: "ANDROID_RELA",
    0x6FFF4700: "GNU_INCREMENTAL_INPUTS",
    0x6FFF4C00: "LLVM_ODRTAB",
    0x6FFF4C01: "LLVM_LINKER_OPTIONS",
    0x6FFF4C03: "LLVM_ADDRSIG",
    0x6FFF4C04: "LLVM_DEPENDENT_LIBRARIES",
    0x6FFF4C05: "LLVM_SYMPART",
    0x6FFF4C09: "LLVM_CALL_GRAPH_PROFILE",
    0x6FFF4C0A: "LLVM_BB_ADDR_MAP",
    0x6FFF4C0B: "LLVM_OFFLOADING",
    0x6FFF4C0C: "LLVM_LTO",
    0x6FFFFF00: "ANDROID_RELR",
    0x6FFFFFF4: "GNU_SFRAME",
    0x6FFFFFF5: "GNU_ATTRIBUTES",
    0x6FFFFFF6: "GNU_HASH",
    0x6FFFFFF7: "GNU_LIBLIST",
    0x6FFFFFF8: "CHECKSUM",
    0x6FFFFFFA: "SUNW_MOVE",
    0x6FFFFFFB: "SUNW_COMDAT",
    0x6FFFFFFC: "SUNW_SYMINFO",
    0x6FFFFFFD: "GNU_VERDEF",
    0x6FFFFFFE: "GNU_VERNEED",
    0x6FFFFFFF: "GNU_VERSYM",
}
_MIPS_SECTIONS = (
    "LIBLIST MSYM CONFLICT GPTAB UCODE DEBUG REGINFO PACKAGE PACKSYM RELD - IFACE CONTENT OPTIONS - - SHDR "
    "FDESC EXTSYM DENSE PDESC LOCSYM AUXSYM OPTSYM LOCSTR LINE RFDESC DELTASYM DELTAINST DELTACLASS DWARF "
    "DELTADECL SYMBOL_LIB EVENTS TRANSLATE PIXIE XLATE XLATE_DEBUG WHIRL EH_REGION XLATE_OLD PDR_EXCEPTION "
    "ABIFLAGS XHASH"
)
_MACHINE_SECTIONS = {
    ARM: {1: "ARM_EXIDX", 2: "ARM_PREEMPTMAP", 3: "ARM_ATTRIBUTES", 4: "ARM_DEBUGOVERLAY", 5: "ARM_OVERLAYSECTION"},
    AARCH64: {3: "AARCH64_ATTRIBUTES", 4: "AARCH64_AUTH_RELR", 7: "AARCH64_MEMTAG_GLOBALS_STATIC"},
    X86_64: {1: "X86_64_UNWIND"},
    RISCV: {3: "RISCV_ATTRIBUTES"},
    IA_64: {0: "IA_64_EXT", 1: "IA_64_UNWIND"},
    ALPHA: {1: "ALPHA_DEBUG", 2: "ALPHA_REGINFO"},
    **{machine: {1: "ARC_ATTRIBUTES"} for machine in (ARC, ARC_COMPACT, ARC_COMPACT2)},
    PARISC: {0: "PARISC_EXT", 1: "PARISC_UNWIND", 2: "PARISC_DOC"},
    MIPS: {at: f"MIPS_{name}" for at, name in enumerate(_MIPS_SECTIONS.split()) if name != "-"},
}
_LOPROC, _HIPROC = 0x70000000, 0x7FFFFFFF
SHF_WRITE, SHF_ALLOC, SHF_EXECINSTR, SHF_COMPRESSED = 0x1, 0x2, 0x4, 0x800
SECTION_FLAGS = {
    0x1: "WRITE",
    0x2: "ALLOC",
    0x4: "EXECINSTR",
    0x10: "MERGE",
    0x20: "STRINGS",
    0x40: "INFO_LINK",
    0x80: "LINK_ORDER",
    0x100: "OS_NONCONFORMING",
    0x200: "GROUP",
    0x400: "TLS",
    0x800: "COMPRESSED",
    0x20_0000: "GNU_RETAIN",
    0x100_0000: "GNU_MBIND",
    0x8000_0000: "EXCLUDE",
}


def type_name(value: int) -> str:
    """EXEC, DYN, 0xfe01."""
    return TYPES[value] if value < len(TYPES) else f"{value:#06x}"


def segment_type(value: int, machine: int) -> str:
    """LOAD, GNU_STACK, ARM_EXIDX, 0x60000001."""
    return _MACHINE_SEGMENTS.get(machine, {}).get(value) or SEGMENT_TYPES.get(value) or f"{value:#x}"


def section_type(value: int, machine: int) -> str:
    """PROGBITS, GNU_HASH, MIPS_DWARF, 0x60000001."""
    if _LOPROC <= value <= _HIPROC and (name := _MACHINE_SECTIONS.get(machine, {}).get(value - _LOPROC)):
        return name
    return SECTION_TYPES.get(value) or f"{value:#x}"


def rights(flags: int) -> str:
    """What a segment's flags allow, as in "R E"."""
    return "".join(letter if flags & bit else " " for letter, bit in (("R", PF_R), ("W", PF_W), ("E", PF_X)))


def flags(value: int, names: Mapping[int, str]) -> tuple[str, ...]:
    """The names of the bits set, lowest first; a bit without a name as hex."""
    return tuple(names.get(bit) or f"{bit:#x}" for bit in _bits(value))


def _bits(value: int) -> Iterator[int]:
    while value:
        bit = value & -value
        yield bit
        value ^= bit
