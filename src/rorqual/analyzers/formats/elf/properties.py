"""GNU program properties: what the code asks of processor and loader (.note.gnu.property).

https://github.com/hjl-tools/linux-abi/wiki/linux-abi-draft.pdf, and the processors' supplements. A record is a type, a
size and data, aligned to the size of an address.
"""

import struct
from collections.abc import Iterator, Mapping

from rorqual.analyzers.formats.elf import names
from rorqual.analyzers.formats.elf.form import Form
from rorqual.analyzers.formats.elf.machines import AARCH64, M386, RISCV, X86_64

_X86: Mapping[int, tuple[str, Mapping[int, str]]] = {
    0xC0000002: ("x86 feature", {1: "IBT", 2: "SHSTK", 4: "LAM_U48", 8: "LAM_U57"}),
    0xC0008002: ("x86 ISA needed", {1: "x86-64-baseline", 2: "x86-64-v2", 4: "x86-64-v3", 8: "x86-64-v4"}),
    0xC0010002: ("x86 ISA used", {1: "x86-64-baseline", 2: "x86-64-v2", 4: "x86-64-v3", 8: "x86-64-v4"}),
}
_MACHINES: Mapping[int, Mapping[int, tuple[str, Mapping[int, str]]]] = {
    X86_64: _X86,
    M386: _X86,
    AARCH64: {0xC0000000: ("AArch64 feature", {1: "BTI", 2: "PAC", 4: "GCS"})},
    RISCV: {0xC0000000: ("RISC-V feature", {1: "CFI_LP_UNLABELED", 2: "CFI_SS", 4: "CFI_LP_FUNC_SIG"})},
}
_FEATURES = frozenset({0xC0000000, 0xC0000002})


def properties(data: bytes, form: Form, machine: int) -> Iterator[tuple[str, tuple[str, ...], bool]]:
    """(property, what it says, whether it is of protective features) for each record."""
    at = 0
    known = _MACHINES.get(machine, {})
    while at + 8 <= len(data):
        kind, size = struct.unpack_from(f"{form.mark}2I", data, at)
        value = data[at + 8 : at + 8 + size]
        if len(value) < size:
            return
        if kind in known and size == 4:
            name, bits = known[kind]
            told = names.flags(int.from_bytes(value, form.order), bits)
            yield name, told, kind in _FEATURES
        elif kind == 1:
            yield "stack size", (str(int.from_bytes(value, form.order)),), False
        elif kind == 2:
            yield "no copy on protected", (), False
        elif kind == 0xB0008000 and size == 4:
            yield "needed", names.flags(int.from_bytes(value, form.order), {1: "INDIRECT_EXTERN_ACCESS"}), False
        else:
            yield f"{kind:#x}", (value[:16].hex(),), False
        at += 8 + -(-size // form.word) * form.word


def features(data: bytes, form: Form, machine: int) -> Iterator[str]:
    """IBT, SHSTK, BTI, PAC and the like."""
    for _, told, protective in properties(data, form, machine):
        if protective:
            yield from told
