"""What processors are called: mach/machine.h of XNU, without prefixes, hex where it has no name.

https://github.com/apple-oss-distributions/xnu/blob/main/osfmk/mach/machine.h
"""

from collections.abc import Mapping

ABI64, ABI64_32, ABI_MASK = 0x0100_0000, 0x0200_0000, 0xFF00_0000
M68K, I386, HPPA, ARM, SPARC, POWERPC = 6, 7, 11, 12, 14, 18
X86_64, ARM64, ARM64_32, POWERPC64 = I386 | ABI64, ARM | ABI64, ARM | ABI64_32, POWERPC | ABI64
CAPABILITIES = 0xFF00_0000  # of the subtype
LIB64, PTRAUTH_ABI = 0x8000_0000, 0x8000_0000  # the same bit: pointer authentication on arm64e alone
ARM64E = 2

_TYPES = {
    1: "VAX",
    2: "ROMP",
    4: "NS32032",
    5: "NS32332",
    M68K: "MC680x0",
    I386: "I386",
    8: "MIPS",
    9: "NS32532",
    10: "MC98000",
    HPPA: "HPPA",
    ARM: "ARM",
    13: "MC88000",
    SPARC: "SPARC",
    15: "I860",
    16: "ALPHA",
    17: "RS6000",
    POWERPC: "POWERPC",
    24: "RISCV",
    X86_64: "X86_64",
    ARM64: "ARM64",
    ARM64_32: "ARM64_32",
    POWERPC64: "POWERPC64",
    24 | ABI64: "RISCV64",
}


def _in_order(names: str) -> dict[int, str]:
    return dict(enumerate(names.split()))


_SUBTYPES: Mapping[int, Mapping[int, str]] = {
    1: _in_order("ALL VAX780 VAX785 VAX750 VAX730 UVAXI UVAXII VAX8200 VAX8500 VAX8600 VAX8650 VAX8800 UVAXIII"),
    M68K: {1: "ALL", 2: "MC68040", 3: "MC68030_ONLY"},
    I386: {
        3: "ALL",
        4: "486",
        0x84: "486SX",
        5: "586",
        0x16: "PENTPRO",
        0x36: "PENTII_M3",
        0x56: "PENTII_M5",
        0x67: "CELERON",
        0x77: "CELERON_MOBILE",
        8: "PENTIUM_3",
        0x18: "PENTIUM_3_M",
        0x28: "PENTIUM_3_XEON",
        9: "PENTIUM_M",
        0xA: "PENTIUM_4",
        0x1A: "PENTIUM_4_M",
        0xB: "ITANIUM",
        0x1B: "ITANIUM_2",
        0xC: "XEON",
        0x1C: "XEON_MP",
    },
    8: _in_order("ALL R2300 R2600 R2800 R2000a R2000 R3000a R3000"),
    10: _in_order("ALL MC98601"),
    HPPA: _in_order("ALL 7100LC"),
    ARM: dict(
        zip(
            (0, *range(5, 21)),
            [
                "ALL",
                "V4T",
                "V6",
                "V5TEJ",
                "XSCALE",
                "V7",
                "V7F",
                "V7S",
                "V7K",
                "V8",
                "V6M",
                "V7M",
                "V7EM",
                "V8M",
                "V8M_MAIN",
                "V8M_BASE",
                "V8_1M_MAIN",
            ],
            strict=True,
        )
    ),
    13: _in_order("ALL MC88100 MC88110"),
    SPARC: _in_order("ALL"),
    15: _in_order("ALL I860"),
    POWERPC: _in_order("ALL 601 602 603 603e 603ev 604 604e 620 750 7400 7450") | {100: "970"},
    POWERPC64: {0: "ALL", 100: "970"},
    24: _in_order("ALL"),
    X86_64: {3: "ALL", 4: "ARCH1", 8: "H"},
    ARM64: {0: "ALL", 1: "V8", ARM64E: "E"},
    ARM64_32: {0: "ALL", 1: "V8"},
}


def is_cpu(value: int) -> bool:
    """Whether the processor has a name."""
    return value in _TYPES


def cpu_name(value: int) -> str:
    """X86_64, ARM64, 0x1000063."""
    return _TYPES.get(value) or f"{value:#x}"


def subtype_name(cpu: int, subtype: int) -> str:
    """ALL, V7S, E; capability bits do not count."""
    subtype &= ~CAPABILITIES
    return _SUBTYPES.get(cpu, {}).get(subtype) or f"{subtype:#x}"


def capabilities(cpu: int, subtype: int) -> tuple[str, ...]:
    """What the subtype's upper byte says: LIB64, or on arm64e PTRAUTH_ABI, its version, and KERNEL."""
    if cpu == ARM64 and subtype & ~CAPABILITIES == ARM64E:
        if not subtype & PTRAUTH_ABI:
            return ()
        kernel = ("PTRAUTH_KERNEL",) if subtype & 0x4000_0000 else ()
        return ("PTRAUTH_ABI", *kernel, f"PTRAUTH_VERSION_{subtype >> 24 & 0xF}")
    bits = subtype & CAPABILITIES
    known = ("LIB64",) if bits & LIB64 else ()
    return (*known, f"{bits & ~LIB64:#x}") if bits & ~LIB64 else known
