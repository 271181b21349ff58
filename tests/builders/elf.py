"""Small ELF files, byte for byte the same each time: valid unless a test asks for a lie.

`build` lays out a file of one to three segments with a dynamic table, symbols, versions, notes and section headers;
`raw` puts headers and bytes together without thinking about them.
"""

import struct
from dataclasses import dataclass, field

X86_64, M386, MIPS, AARCH64, S390, PPC64, ALPHA = 62, 3, 8, 183, 22, 21, 0x9026
REL, EXEC, DYN, CORE = 1, 2, 3, 4
LOAD, DYNAMIC, INTERP, NOTE = 1, 2, 3, 4
GNU_STACK, GNU_RELRO = 0x6474E551, 0x6474E552
R, W, X = 4, 2, 1
PROGBITS, SYMTAB, STRTAB, DYNAMIC_SECTION, NOTE_SECTION, NOBITS, DYNSYM = 1, 2, 3, 6, 7, 8, 11
WRITE, ALLOC, EXECINSTR = 1, 2, 4
CODE = b"\x31\xed\x49\x89\xd1\x5e\x48\x89\xe2\x48\x83\xe4\xf0\xc3" * 4


@dataclass(frozen=True)
class Segment:
    """A program header."""

    type: int
    flags: int
    offset: int
    vaddr: int
    filesz: int
    memsz: int | None = None
    align: int = 1


@dataclass(frozen=True)
class Section:
    """A section header; `data` is laid out unless `offset` says where it is."""

    name: bytes
    type: int = PROGBITS
    data: bytes = b""
    flags: int = 0
    addr: int = 0
    link: int = 0
    info: int = 0
    entsize: int = 0
    offset: int | None = None
    size: int | None = None


@dataclass(frozen=True)
class Symbol:
    """A symbol; `version` is a number for DT_VERSYM."""

    name: bytes
    value: int = 0
    size: int = 0
    info: int = 0x12  # a global function
    other: int = 0
    shndx: int = 0
    version: int = 1


@dataclass(frozen=True)
class Program:
    """What to build; `fields` overrides header fields by name, `patches` bytes of the file by offset."""

    wide: bool = True
    big: bool = False
    type: int = DYN
    machine: int = X86_64
    needed: tuple[bytes, ...] = (b"libc.so.6",)
    soname: bytes = b""
    runpath: bytes = b""
    interpreter: bytes = b"/lib64/ld-linux-x86-64.so.2"
    symbols: tuple[Symbol, ...] = (
        Symbol(b"printf"),
        Symbol(b"__stack_chk_fail"),
        Symbol(b"exported", 0x1000, 8, shndx=7),
    )
    tags: tuple[tuple[int, int], ...] = ()  # more of the dynamic table
    hash: str = "gnu"  # gnu, sysv or nothing
    notes: bytes = b""
    relro: bool = True
    sections: tuple[Section, ...] = ()  # behind the usual ones
    headers: bool = True  # section headers
    overlay: bytes = b""
    fields: dict[str, int] = field(default_factory=dict)
    patches: dict[int, bytes] = field(default_factory=dict)


FIELDS = "e_type e_machine e_version e_entry e_phoff e_shoff e_flags e_ehsize e_phentsize e_phnum e_shentsize e_shnum e_shstrndx"


def file_header(fields: dict[str, int], *, wide: bool = True, big: bool = False, osabi: int = 0) -> bytes:
    """e_ident and the rest; what is not given is what a linker would write."""
    usual = {
        "e_type": EXEC,
        "e_machine": X86_64,
        "e_version": 1,
        "e_ehsize": 64 if wide else 52,
        "e_phentsize": 56 if wide else 32,
        "e_shentsize": 64 if wide else 40,
    } | fields
    ident = b"\x7fELF" + bytes([1 + wide, 1 + big, 1, osabi]) + bytes(8)
    form = (">" if big else "<") + ("HHIQQQI6H" if wide else "HHIIIII6H")
    return ident + struct.pack(form, *(usual.get(name, 0) for name in FIELDS.split()))


def segment(one: Segment, *, wide: bool = True, big: bool = False) -> bytes:
    """A row of the program header table."""
    mark = ">" if big else "<"
    memsz = one.filesz if one.memsz is None else one.memsz
    sizes = (one.offset, one.vaddr, one.vaddr, one.filesz, memsz)
    if wide:
        return struct.pack(mark + "IIQQQQQQ", one.type, one.flags, *sizes, one.align)
    return struct.pack(mark + "8I", one.type, *sizes, one.flags, one.align)


def section(values: tuple[int, ...], *, wide: bool = True, big: bool = False) -> bytes:
    """A row of the section header table, of the ten fields in their order."""
    return struct.pack((">" if big else "<") + ("IIQQQQIIQQ" if wide else "10I"), *values)


def symbol(one: Symbol, name: int, *, wide: bool = True, big: bool = False) -> bytes:
    """A row of a symbol table."""
    mark = ">" if big else "<"
    if wide:
        return struct.pack(mark + "IBBHQQ", name, one.info, one.other, one.shndx, one.value, one.size)
    return struct.pack(mark + "IIIBBH", name, one.value, one.size, one.info, one.other, one.shndx)


def note(name: bytes, kind: int, data: bytes, *, big: bool = False, grain: int = 4) -> bytes:
    """A note, padded."""
    head = struct.pack((">" if big else "<") + "3I", len(name) + 1, len(data), kind) + name + b"\0"
    head += bytes(-len(head) % grain) + data
    return head + bytes(-len(head) % grain)


class Table:
    """Strings, each once."""

    def __init__(self) -> None:
        self.data = b"\0"

    def add(self, text: bytes) -> int:
        """Where the string begins."""
        if b"\0" + text + b"\0" not in self.data:
            self.data += text + b"\0"
        return 0 if not text else self.data.index(b"\0" + text + b"\0") + 1


def versions_needed(strings: Table, library: bytes, names: tuple[bytes, ...], *, big: bool = False) -> bytes:
    """DT_VERNEED of one library; the versions have the numbers from 2 on."""
    mark = ">" if big else "<"
    out = struct.pack(mark + "2H3I", 1, len(names), strings.add(library), 16, 0)
    for number, name in enumerate(names, 2):
        last = number == len(names) + 1
        out += struct.pack(mark + "I2H2I", 0, 0, number, strings.add(name), 0 if last else 16)
    return out


def build(program: Program | None = None) -> bytes:
    """The file: headers, interpreter, notes, dynamic parts and code in one segment, .data in another."""
    p = program or Program()
    mark, word = ">" if p.big else "<", 8 if p.wide else 4
    words = "Q" if p.wide else "I"
    shape = {"wide": p.wide, "big": p.big}
    base = 0x400000 if p.type == EXEC else 0
    strings = Table()
    needed = [(1, strings.add(name)) for name in p.needed]
    if p.soname:
        needed.append((14, strings.add(p.soname)))
    if p.runpath:
        needed.append((29, strings.add(p.runpath)))
    rows = symbol(Symbol(b"", info=0), 0, **shape)
    rows += b"".join(symbol(one, strings.add(one.name), **shape) for one in p.symbols)
    count = len(p.symbols) + 1
    versym = struct.pack(f"{mark}{count}H", 0, *(one.version for one in p.symbols))
    verneed = versions_needed(strings, b"libc.so.6", (b"GLIBC_2.2.5", b"GLIBC_2.4"), big=p.big)
    hashed = _hash(p, mark, word, count)
    interpreter = p.interpreter + b"\0" if p.interpreter else b""
    number = 4 + bool(interpreter) + bool(p.notes) + p.relro
    at = (64 if p.wide else 52) + number * (56 if p.wide else 32)
    places: dict[str, tuple[int, int]] = {}
    body = b""
    parts = {"interp": interpreter, "note": p.notes, "hash": hashed, "dynsym": rows, "dynstr": strings.data}
    for name, data in (parts | {"versym": versym, "verneed": verneed, "text": CODE}).items():
        body += bytes(-(at + len(body)) % 8)
        places[name] = (at + len(body), len(data))
        body += data
    text_end = at + len(body)
    data_at = -(-text_end // 8) * 8
    entries = needed + [
        (5, base + places["dynstr"][0]),
        (10, len(strings.data)),
        (6, base + places["dynsym"][0]),
        (11, 24 if p.wide else 16),
        (0x6FFFFFF0, base + places["versym"][0]),
        (0x6FFFFFFE, base + places["verneed"][0]),
        (0x6FFFFFFF, 1),
    ]
    if hashed:
        entries.append((0x6FFFFEF5 if p.hash == "gnu" else 4, base + places["hash"][0]))
    entries += [*p.tags, (0, 0)]
    table = b"".join(struct.pack(f"{mark}2{words}", *entry) for entry in entries)
    places["dynamic"] = (data_at, len(table))
    moved = base + 0x1000 + data_at  # a page further on, as linkers keep rights apart
    segments = [Segment(LOAD, R | X, 0, base, text_end, align=0x1000)]
    segments.append(Segment(LOAD, R | W, data_at, moved, len(table), len(table) + 0x100, 0x1000))
    segments.append(Segment(DYNAMIC, R | W, data_at, moved, len(table), align=8))
    segments.append(Segment(GNU_STACK, R | W, 0, 0, 0, align=16))
    if interpreter:
        segments.insert(0, Segment(INTERP, R, places["interp"][0], base + places["interp"][0], len(interpreter)))
    if p.notes:
        segments.append(Segment(NOTE, R, places["note"][0], base + places["note"][0], len(p.notes), align=4))
    if p.relro:
        segments.append(Segment(GNU_RELRO, R, data_at, moved, len(table)))
    data = body + bytes(data_at - text_end) + table
    end = at + len(data)
    fields = {
        "e_type": p.type,
        "e_machine": p.machine,
        "e_entry": base + places["text"][0],
        "e_phoff": 64 if p.wide else 52,
        "e_phnum": len(segments),
    }
    if p.headers:
        more, headers, fields_too = _section_headers(p, places, base, moved, end)
        data += more + headers
        fields |= fields_too
    header = file_header(fields | p.fields, wide=p.wide, big=p.big)
    out = bytearray(header + b"".join(segment(one, **shape) for one in segments) + data + p.overlay)
    for offset, patch in p.patches.items():
        out[offset : offset + len(patch)] = patch
    return bytes(out)


def _hash(p: Program, mark: str, word: int, count: int) -> bytes:
    """A hash table that counts the symbols; all that are defined stand in one bucket."""
    if p.hash == "sysv":
        unit = "Q" if p.wide and p.machine in (S390, ALPHA) else "I"  # whose supplements have words of eight bytes
        return struct.pack(f"{mark}{3 + count}{unit}", 1, count, 1, *bytes(count))
    if p.hash != "gnu":
        return b""
    first = next((number for number, one in enumerate(p.symbols, 1) if one.shndx), count)
    hashed = count - first
    bucket = first if hashed else 0
    chain = [2] * (hashed - 1) + [3] if hashed else []
    head = struct.pack(f"{mark}4I", 1, first, 1, 6) + bytes(word)
    return head + struct.pack(f"{mark}I{len(chain)}I", bucket, *chain)


def _section_headers(
    p: Program, places: dict[str, tuple[int, int]], base: int, moved: int, end: int
) -> tuple[bytes, bytes, dict[str, int]]:
    """The bytes of the sections behind the usual ones, the table, and the fields of the header about it."""
    usual = [
        Section(b".interp", PROGBITS, flags=ALLOC),
        Section(b".note", NOTE_SECTION, flags=ALLOC),
        Section(b".hash", 0x6FFFFFF6 if p.hash == "gnu" else 5, flags=ALLOC, link=4),
        Section(b".dynsym", DYNSYM, flags=ALLOC, link=5, info=1, entsize=24 if p.wide else 16),
        Section(b".dynstr", STRTAB, flags=ALLOC),
        Section(b".gnu.version", 0x6FFFFFFF, flags=ALLOC, link=4, entsize=2),
        Section(b".text", PROGBITS, flags=ALLOC | EXECINSTR),
        Section(b".dynamic", DYNAMIC_SECTION, flags=ALLOC | WRITE, link=5),
    ]
    order = ("interp", "note", "hash", "dynsym", "dynstr", "versym", "text", "dynamic")
    names = Table()
    rows = [(0,) * 10]
    for one, key in zip(usual, order, strict=True):
        at, size = places[key]
        address = moved if key == "dynamic" else base + at
        rows.append((names.add(one.name), one.type, one.flags, address, at, size, one.link, one.info, 1, one.entsize))
    data = b""
    for one in p.sections:
        at = end + len(data) if one.offset is None else one.offset
        size = len(one.data) if one.size is None else one.size
        rows.append((names.add(one.name), one.type, one.flags, one.addr, at, size, one.link, one.info, 1, one.entsize))
        data += one.data
    place = names.add(b".shstrtab")
    rows.append((place, STRTAB, 0, 0, end + len(data), len(names.data), 0, 0, 1, 0))
    data += names.data
    data += bytes(-(end + len(data)) % 8)
    table = b"".join(section(row, wide=p.wide, big=p.big) for row in rows)
    return data, table, {"e_shoff": end + len(data), "e_shnum": len(rows), "e_shstrndx": len(rows) - 1}
