"""e_flags in words, for the machines whose supplements give them meaning that matters: ABI, float, architecture."""

from rorqual.analyzers.formats.elf.machines import ARM, LOONGARCH, MIPS, PPC64, RISCV, SPARC, SPARCV9

_SPARC32PLUS = 18
_MIPS_BITS = {
    0x1: "noreorder",
    0x2: "pic",
    0x4: "cpic",
    0x20: "abi2",
    0x100: "32bitmode",
    0x200: "fp64",
    0x400: "nan2008",
}
_MIPS_ABIS = {1: "o32", 2: "o64", 3: "eabi32", 4: "eabi64"}
_MIPS_ARCHITECTURES = (
    "mips1",
    "mips2",
    "mips3",
    "mips4",
    "mips5",
    "mips32",
    "mips64",
    "mips32r2",
    "mips64r2",
    "mips32r6",
    "mips64r6",
)
_RISCV_FLOATS = ("soft-float", "single-float", "double-float", "quad-float")
_LOONGARCH_FLOATS = {1: "soft-float", 2: "single-float", 3: "double-float"}
_ARM_BITS = {0x200: "soft-float", 0x400: "hard-float", 0x80_0000: "be8"}
_SPARC_BITS = {0x100: "32plus", 0x200: "us1", 0x400: "hal-r1", 0x800: "us3"}
_SPARC_MODELS = {0: "tso", 1: "pso", 2: "rmo"}


def flag_names(machine: int, flags: int) -> tuple[str, ...]:
    """What e_flags says, as in ("eabi5", "hard-float"); bits without a meaning here are left out."""
    match machine:
        case _ if machine == ARM:
            version = flags >> 24
            eabi = (f"eabi{version}",) if version else ()
            return eabi + _bits(flags, _ARM_BITS if version >= 5 else {})
        case _ if machine == MIPS:
            architecture = flags >> 28
            abi = _MIPS_ABIS.get(flags >> 12 & 0xF)
            told = (_MIPS_ARCHITECTURES[architecture],) if architecture < len(_MIPS_ARCHITECTURES) else ()
            return told + ((abi,) if abi else ()) + _bits(flags, _MIPS_BITS)
        case _ if machine == RISCV:
            return (_RISCV_FLOATS[flags >> 1 & 3], *_bits(flags, {0x1: "rvc", 0x8: "rve", 0x10: "tso"}))
        case _ if machine == PPC64:
            return (f"elfv{flags & 3}",) if flags & 3 else ()
        case _ if machine == LOONGARCH:
            name = _LOONGARCH_FLOATS.get(flags & 7)
            return ((name,) if name else ()) + (f"obj-v{flags >> 6 & 3}",)
        case _ if machine in (SPARCV9, _SPARC32PLUS, SPARC):
            model = (_SPARC_MODELS.get(flags & 3, "3"),) if machine == SPARCV9 else ()
            return model + _bits(flags, _SPARC_BITS)
    return ()


def _bits(flags: int, meanings: dict[int, str]) -> tuple[str, ...]:
    return tuple(name for bit, name in meanings.items() if flags & bit)
