"""What the numbers of Mach-O headers are called: the headers' names without prefixes, hex where they have none.

mach-o/loader.h: https://github.com/apple-oss-distributions/xnu/blob/main/EXTERNAL_HEADERS/mach-o/loader.h
"""

from collections.abc import Mapping

from rorqual.analyzers.formats.strings import printable as printable  # noqa: PLC0414 - shared, and told here

OBJECT, EXECUTE, FVMLIB, CORE, PRELOAD, DYLIB, DYLINKER, BUNDLE, DYLIB_STUB, DSYM, KEXT, FILESET = range(1, 13)
TYPES = [
    "0",
    "OBJECT",
    "EXECUTE",
    "FVMLIB",
    "CORE",
    "PRELOAD",
    "DYLIB",
    "DYLINKER",
    "BUNDLE",
    "DYLIB_STUB",
    "DSYM",
    "KEXT_BUNDLE",
    "FILESET",
    "GPU_EXECUTE",
    "GPU_DYLIB",
]

NOUNDEFS, TWOLEVEL, ALLOW_STACK_EXECUTION, PIE, NO_HEAP_EXECUTION = 0x1, 0x80, 0x2_0000, 0x20_0000, 0x100_0000
_HEADER_FLAGS = (
    "NOUNDEFS INCRLINK DYLDLINK BINDATLOAD PREBOUND SPLIT_SEGS LAZY_INIT TWOLEVEL FORCE_FLAT NOMULTIDEFS "
    "NOFIXPREBINDING PREBINDABLE ALLMODSBOUND SUBSECTIONS_VIA_SYMBOLS CANONICAL WEAK_DEFINES BINDS_TO_WEAK "
    "ALLOW_STACK_EXECUTION ROOT_SAFE SETUID_SAFE NO_REEXPORTED_DYLIBS PIE DEAD_STRIPPABLE_DYLIB HAS_TLV_DESCRIPTORS "
    "NO_HEAP_EXECUTION APP_EXTENSION_SAFE NLIST_OUTOFSYNC_WITH_DYLDINFO SIM_SUPPORT IMPLICIT_PAGEZERO"
)
HEADER_FLAGS: Mapping[int, str] = {1 << bit: name for bit, name in enumerate(_HEADER_FLAGS.split())} | {
    0x8000_0000: "DYLIB_IN_CACHE"
}

READ, WRITE, EXECUTABLE = 1, 2, 4
PROTECTED_VERSION_1 = 0x8
SEGMENT_FLAGS = {0x1: "HIGHVM", 0x2: "FVMLIB", 0x4: "NORELOC", 0x8: "PROTECTED_VERSION_1", 0x10: "READ_ONLY"}

SECTION_TYPE = 0xFF
ZERO_FILLED = frozenset({0x1, 0xC, 0x12})
_SECTION_TYPES = [
    "REGULAR",
    "ZEROFILL",
    "CSTRING_LITERALS",
    "4BYTE_LITERALS",
    "8BYTE_LITERALS",
    "LITERAL_POINTERS",
    "NON_LAZY_SYMBOL_POINTERS",
    "LAZY_SYMBOL_POINTERS",
    "SYMBOL_STUBS",
    "MOD_INIT_FUNC_POINTERS",
    "MOD_TERM_FUNC_POINTERS",
    "COALESCED",
    "GB_ZEROFILL",
    "INTERPOSING",
    "16BYTE_LITERALS",
    "DTRACE_DOF",
    "LAZY_DYLIB_SYMBOL_POINTERS",
    "THREAD_LOCAL_REGULAR",
    "THREAD_LOCAL_ZEROFILL",
    "THREAD_LOCAL_VARIABLES",
    "THREAD_LOCAL_VARIABLE_POINTERS",
    "THREAD_LOCAL_INIT_FUNCTION_POINTERS",
    "INIT_FUNC_OFFSETS",
]
SECTION_ATTRIBUTES = {
    0x8000_0000: "PURE_INSTRUCTIONS",
    0x4000_0000: "NO_TOC",
    0x2000_0000: "STRIP_STATIC_SYMS",
    0x1000_0000: "NO_DEAD_STRIP",
    0x0800_0000: "LIVE_SUPPORT",
    0x0400_0000: "SELF_MODIFYING_CODE",
    0x0200_0000: "DEBUG",
    0x400: "SOME_INSTRUCTIONS",
    0x200: "EXT_RELOC",
    0x100: "LOC_RELOC",
}

_PLATFORMS = [
    "0",
    "macOS",
    "iOS",
    "tvOS",
    "watchOS",
    "bridgeOS",
    "Mac Catalyst",
    "iOS Simulator",
    "tvOS Simulator",
    "watchOS Simulator",
    "DriverKit",
    "visionOS",
    "visionOS Simulator",
    "firmware",
    "sepOS",
]
_TOOLS = {
    1: "clang",
    2: "swift",
    3: "ld",
    4: "lld",
    1024: "metal",
    1025: "airlld",
    1026: "airnt",
    1027: "airnt_plugin",
    1028: "airpack",
    1031: "gpuarchiver",
    1032: "metal_framework",
}


def type_name(value: int) -> str:
    """EXECUTE, DYLIB, 0x42."""
    return TYPES[value] if 0 < value < len(TYPES) else f"{value:#x}"


def section_type(flags: int) -> str:
    """REGULAR, CSTRING_LITERALS, 0x42."""
    value = flags & SECTION_TYPE
    return _SECTION_TYPES[value] if value < len(_SECTION_TYPES) else f"{value:#x}"


def platform_name(value: int) -> str:
    """macOS, iOS Simulator, 99."""
    return _PLATFORMS[value] if 0 < value < len(_PLATFORMS) else str(value)


def tool_name(value: int) -> str:
    """clang, ld, 99."""
    return _TOOLS.get(value) or str(value)


def rights(protection: int) -> str:
    """What a protection allows, as in "r-x"; further bits as hex."""
    letters = "".join(
        letter if protection & bit else "-" for bit, letter in ((READ, "r"), (WRITE, "w"), (EXECUTABLE, "x"))
    )
    return letters + (f" {protection & ~7:#x}" if protection & ~7 else "")


def version(value: int) -> str:
    """The nibbles xxxx.yy.zz as "10.14", "10.14.6"."""
    text = f"{value >> 16}.{value >> 8 & 0xFF}"
    return f"{text}.{value & 0xFF}" if value & 0xFF else text


def source_version(value: int) -> str:
    """A.B.C.D.E in 24, 10, 10, 10 and 10 bits, zeros behind the second left out."""
    parts = [value >> 40, *(value >> shift & 0x3FF for shift in (30, 20, 10, 0))]
    while len(parts) > 2 and not parts[-1]:
        parts.pop()
    return ".".join(map(str, parts))


def flags(value: int, names: Mapping[int, str]) -> tuple[str, ...]:
    """The names of the bits set, lowest first; a bit without a name as hex."""
    bits = (1 << number for number in range(value.bit_length()))
    return tuple(names.get(bit) or f"{bit:#x}" for bit in bits if value & bit)
