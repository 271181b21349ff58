"""Programs and bytecode: PE, NE, LE, MZ, ELF, Mach-O, Java class, DEX, WebAssembly, Python, Lua, ROMs, boot
images.

Specifications: Microsoft PE format; gABI chapters 4 and 5; Apple's mach-o/loader.h and fat.h; JVM
specification 4; Dalvik executable format; WebAssembly core 5; PEP 3147 and PEP 552; NES 2.0. Sections,
imports and the like are left to the probes of each format.
"""

from typing import Literal
from zlib import crc32

from rorqual.analyzers.formats.type_head import Check, Guess, Head

CPU_TYPES = {1, 6, 7, 10, 11, 12, 13, 14, 15, 16, 18}  # mach/machine.h, without the ABI bits
MACHO_KINDS = {1: "macho-object", 4: "macho-core", 6: "macho-dylib", 8: "macho-bundle"}
ELF_KINDS = {1: "elf-object", 2: "elf", 4: "elf-core"}
PT_DYNAMIC, PT_INTERP = 2, 3
DT_SONAME, DT_FLAGS_1, DF_1_PIE = 14, 0x6FFFFFFB, 0x08000000
COFF_MACHINES = {0x14C, 0x8664, 0x1C0, 0x1C4, 0xAA64, 0x200}
ROM_LOGO = bytes.fromhex("ceed6666cc0d000b")  # where the boot ROM looks for it


def mz(head: Head) -> Guess | None:
    """MZ: what e_lfanew leads to, else a DOS program whose header adds up."""
    at = head.le(0x3C, 4)
    if 4 <= at < 1 << 28:
        signature = head.read(at, 4)
        if signature == b"PE\0\0":
            return _pe(head, at)
        if signature[:2] == b"NE" and head.le(at + 0x36, 1) in range(6) and head.le(at + 4, 2) >= 0x40:
            return Guess("fon" if head.le(at + 0x1C, 2) == 0 else "ne", "fields")
        if signature in (b"LE\0\0", b"LX\0\0") and head.le(at + 4, 4) == 0:
            return Guess("le", "fields")
    last, pages, paragraphs = head.le(2, 2), head.le(4, 2), head.le(8, 2)
    if 0 <= last <= 512 and pages > 0 and 2 <= paragraphs <= pages * 32 and head.le(0x0A, 2) <= head.le(0x0C, 2):
        return Guess("mz", "fields")
    return None


def _pe(head: Head, at: int) -> Guess | None:
    sections, optional, flags = head.le(at + 6, 2), head.le(at + 20, 2), head.le(at + 22, 2)
    magic = head.le(at + 24, 2)
    if magic not in (0x10B, 0x20B, 0x107) or sections < 0:
        return Guess("pe", "fields")
    subsystem = head.le(at + 24 + 68, 2)
    counts = at + 24 + (92 if magic == 0x10B else 108)
    managed = head.le(counts, 4) > 14 and head.le(counts + 4 + 14 * 8, 4) > 0 and optional > 200
    if 10 <= subsystem <= 13:
        kind = "pe-efi"
    elif subsystem == 1:
        kind = "pe-driver"
    elif flags & 0x2000:
        kind = "pe-dotnetdll" if managed else "pe-dll"
    else:
        kind = "pe-dotnet" if managed else "pe"
    table = at + 24 + optional
    placed = sections == 0 or head.le(table + 20, 4) == 0 or head.le(table + 20, 4) >= at
    return Guess(kind, "structure" if sections <= 96 and placed and head.le(table, 1) >= 0 else "fields")


def te(head: Head) -> Guess | None:
    """VZ: the terse executable of the UEFI platform initialization specification."""
    fits = head.le(2, 2) in COFF_MACHINES and 0 < head.le(4, 1) <= 96 and 10 <= head.le(5, 1) <= 13
    return Guess("te", "fields") if fits else None


def coff(head: Head) -> Guess | None:
    """No magic but the machine: the first section must have a name and lie behind the headers."""
    sections, symbols, count = head.le(2, 2), head.le(8, 4), head.le(12, 4)
    name, first = head.read(20, 8), head.le(40, 4)
    raw = 20 + 40 * sections
    named = name[:1] in (b".", b"/") and name.rstrip(b"\0").isascii() and len(name) == 8
    placed = (first == 0 or raw <= first) and raw <= symbols and 0 < count < 1 << 24
    if 0 < sections <= 4096 and head.le(16, 2) == 0 and named and placed:
        return Guess("coff", "structure")
    return None


def elf(head: Head) -> Guess | None:
    """The sizes that the class prescribes, and the program headers that tell a program from a library."""
    wide, order = head.le(4, 1), head.le(5, 1)
    if wide not in (1, 2) or order not in (1, 2) or head.le(6, 1) != 1:
        return None
    number = head.le if order == 1 else head.be
    kind, machine = number(16, 2), number(18, 2)
    size = number(40 if wide == 1 else 52, 2)
    proof = "structure" if size == (52 if wide == 1 else 64) and machine > 0 else "fields"
    if kind != 3:
        return Guess(ELF_KINDS.get(kind, "elf"), proof)
    table, width = (number(28, 4), 32) if wide == 1 else (number(32, 8), 56)
    count = min(number(44 if wide == 1 else 56, 2), 64)
    program = False
    for index in range(count):
        at = table + index * width
        entry = number(at, 4)
        if entry == PT_INTERP:
            program = True
        elif entry == PT_DYNAMIC:
            word = 4 if wide == 1 else 8
            offset, length = number(at + word, word), number(at + (16 if wide == 1 else 32), word)
            told = _dynamic(head.read(offset, min(length, 4096)), word, big=order == 2)
            program = program if told is None else told
    return Guess("elf-pie" if program else "elf-shared", proof)


def _dynamic(data: bytes, word: int, *, big: bool) -> bool | None:
    """Whether the dynamic section says that the file is a program; None: it does not say."""
    named = False
    order: Literal["big", "little"] = "big" if big else "little"
    for at in range(0, len(data) - 2 * word + 1, 2 * word):
        tag, value = (int.from_bytes(data[start : start + word], order) for start in (at, at + word))
        if tag == 0:
            break
        if tag == DT_FLAGS_1 and value & DF_1_PIE:
            return True
        named = named or tag == DT_SONAME
    return False if named else None


def macho(head: Head) -> Guess | None:
    """One architecture: a known processor, a kind of file, load commands that fit the size given for them."""
    number = head.le if head.data[:1] in (b"\xce", b"\xcf") else head.be
    wide = 0xCF in (head.data[0], head.data[3])
    kind, count, size = number(12, 4), number(16, 4), number(20, 4)
    if number(4, 4) & 0xFFFFFF not in CPU_TYPES or not 1 <= kind <= 12 or not 0 <= 8 * count <= size:
        return None
    step = number((32 if wide else 28) + 4, 4)
    return Guess(MACHO_KINDS.get(kind, "macho"), "structure" if count and 8 <= step <= size else "fields")


def cafebabe(head: Head) -> Guess | None:
    """Java class or universal binary: after the magic stand two versions or a small count."""
    count = head.be(4, 4)
    if 0 < count < 40:
        width = 32 if head.data[3] == 0xBF else 20
        for index in range(min(count, 8)):
            at = 8 + index * width
            if head.be(at, 4) & 0xFFFFFF not in CPU_TYPES or head.be(at + 8, 4 if width == 20 else 8) <= 0:
                return None
        return Guess("macho-fat", "structure")
    if not 45 <= count & 0xFFFF < 200 or head.be(8, 2) < 1:
        return None
    return Guess("class", "structure" if _constant_pool(head, head.be(8, 2)) else "fields")


def _constant_pool(head: Head, count: int) -> bool:
    sizes = {
        3: 5,
        4: 5,
        5: 9,
        6: 9,
        7: 3,
        8: 3,
        9: 5,
        10: 5,
        11: 5,
        12: 5,
        15: 4,
        16: 3,
        17: 5,
        18: 5,
        19: 3,
        20: 3,
    }
    at, index = 10, 1
    while index < count and at + 3 <= len(head.data):
        tag = head.data[at]
        if tag != 1 and tag not in sizes:
            return False
        at += 3 + head.be(at + 1, 2) if tag == 1 else sizes[tag]
        index += 2 if tag in (5, 6) else 1
    return True


def dex(head: Head) -> Guess | None:
    """dex\\n035\\0: the header's own size and the endian constant."""
    if not head.data[4:7].isdigit() or head.data[7:8] != b"\0":
        return None
    if head.data[:4] == b"dey\n":
        return Guess("odex", "fields")
    sound = head.le(36, 4) == 0x70 and head.le(40, 4) == 0x12345678
    return Guess("dex", "structure" if sound else "long magic")


def wasm(head: Head) -> Guess | None:
    """Version 1 and a first section that exists, or the component layer."""
    version, first = head.le(4, 4), head.le(8, 1)
    if version == 0x1000D:
        return Guess("wasm", "long magic")
    return Guess("wasm", "structure" if 0 <= first <= 13 else "long magic") if version == 1 else None


def pyc(head: Head) -> Guess | None:
    """A known range of magics before \\r\\n and a marshalled code object where that version has it."""
    magic = head.le(0, 2)
    if 62000 <= magic <= 62250 or 3000 <= magic < 3210:
        code = 8
    elif 3210 <= magic < 3390:
        code = 12
    elif 3390 <= magic < 4000 and 0 <= head.le(4, 4) <= 3:
        code = 16
    else:
        return None
    return Guess("pyc", "structure") if head.le(code, 1) & 0x7F == ord("c") else None


def swf(head: Head) -> Guess | None:
    """A version, a length, and zlib or LZMA where the first letter says so."""
    packed = head.data[:1]
    sound = (packed == b"C" and head.le(8, 1) & 0x0F == 8) or (packed == b"Z" and head.le(12, 1) == 0x5D)
    sound = sound or (packed == b"F" and 0 < head.le(8, 1) >> 3 < 32 and head.le(21, 1) >= 0)
    return Guess("swf", "fields") if sound and 0 < head.le(3, 1) <= 60 and head.le(4, 4) >= 21 else None


def gameboy(head: Head) -> Guess | None:
    """The logo and the header's checksum over 0x134 to 0x14c."""
    total = sum(-byte - 1 for byte in head.read(0x134, 25)) & 0xFF
    return Guess("gb", "checksum") if total == head.le(0x14D, 1) else Guess("gb", "long magic")


def uimage(head: Head) -> Guess | None:
    """The CRC-32 of the 64-byte header, taken with its own field as zero."""
    data = head.read(0, 64)
    return Guess("uimage", "checksum") if crc32(data[:4] + bytes(4) + data[8:]) == head.be(4, 4) else None


def dtb(head: Head) -> Guess | None:
    """Both blocks lie inside the total size."""
    total = head.be(4, 4)
    return Guess("dtb", "structure") if 40 <= head.be(8, 4) < total and 40 <= head.be(12, 4) < total else None


def _fields(format: str, at: int, values: range) -> Check:
    return lambda head: Guess(format, "fields") if head.le(at, 1) in values else None


CHECKS: dict[str, Check] = {
    "mz": mz, "te": te, "coff": coff, "elf": elf, "macho": macho, "cafebabe": cafebabe, "dex": dex,
    "wasm": wasm, "pyc": pyc, "swf": swf, "gb": gameboy, "uimage": uimage, "dtb": dtb,
    "luac": _fields("luac", 4, range(0x50, 0x56)),
    "luajit": _fields("luajit", 3, range(1, 4)),
    "elc": _fields("elc", 4, range(10, 64)),
    "nes": _fields("nes", 4, range(1, 256)),
}  # fmt: skip
