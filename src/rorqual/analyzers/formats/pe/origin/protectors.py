"""Protectors that leave no pattern: known by sections of theirs together with how the image begins or what they hold.

A name alone proves nothing. VMProtect's stub pushes a key and calls its machine; Themida and WinLicense blank the
names of all sections that they take over; Enigma Virtual Box keeps its file table under a mark of its own.
"""

import re
from collections.abc import Iterator

from rorqual.analyzers.formats.pe import names
from rorqual.analyzers.formats.pe.layout import Section
from rorqual.analyzers.formats.pe.origin.signs import PACKER, PROTECTOR, Sign, Subject

_VMP = re.compile(r"\.vmp\d")
_PUSH_CALL = re.compile(rb"\x68.{4}(?:\xe8|\xe9)", re.DOTALL)  # push imm32; call or jmp rel32
_THEMIDA = {".themida": "Themida", ".winlice": "WinLicense"}
_BOOT = ".boot"
_EVB = b"EVB\0"


def protectors(subject: Subject, entered: Section | None, code: bytes, at: int) -> Iterator[Sign]:
    """What the section that holds the entry point, its code and the other sections prove together."""
    sections = subject.layout.sections
    if entered is not None and _VMP.fullmatch(entered.name):
        found = _PUSH_CALL.match(code)
        emptied = [one.name for one in sections if one.row.characteristics & names.MEM_EXECUTE and not one.present]
        if found is not None or emptied:
            what = "it begins with a push and a call" if found is not None else f"{', '.join(emptied)} is empty"
            proof = f"entry point in {entered.name}, {what}"
            yield Sign("VMProtect", PROTECTOR, None, proof, at, min(len(code), 10))
    if entered is not None:
        for name, product in _THEMIDA.items():
            own = next((one for one in sections if one.name == name), None)
            blank = [one.number for one in sections if not one.name.strip() and one.number < entered.number]
            if own is not None and blank and entered.name in (name, _BOOT):
                proof = f"entry point in {entered.name}, section {name}, sections {blank} with blank names"
                yield Sign(product, PROTECTOR, None, proof, at, min(len(code), 10))
    box = subject.section(".enigma1")
    if box is not None and subject.head(box, 4) == _EVB:
        yield Sign("Enigma Virtual Box", PACKER, None, "section .enigma1 begins with its mark", box.at, 4)
