"""Small Mach-O files, byte for byte the same each time: valid unless a test asks for a lie.

`build` lays out a program, library or object of up to four segments with symbols, an export trie and a signature;
`raw` puts a header and load commands together without thinking about them; `fat` makes a universal file of slices.
"""

import hashlib
import struct
from dataclasses import dataclass, field

I386, X86_64, ARM64, POWERPC, POWERPC64 = 7, 0x0100_0007, 0x0100_000C, 18, 0x0100_0012
OBJECT, EXECUTE, DYLIB, BUNDLE = 1, 2, 6, 8
NOUNDEFS, DYLDLINK, TWOLEVEL, PIE = 0x1, 0x4, 0x80, 0x20_0000
R, W, X = 1, 2, 4
UNDEFINED, SECTION, EXTERNAL, PRIVATE = 0x0, 0xE, 0x1, 0x10
PAGE = 0x1000
BASE = 0x1_0000_0000
CODE = b"\x55\x48\x89\xe5\x31\xc0\x5d\xc3" * 8


@dataclass(frozen=True)
class Symbol:
    """An nlist entry."""

    name: bytes
    kind: int = UNDEFINED | EXTERNAL
    section: int = 0
    description: int = 0x100  # of the first library
    value: int = 0


@dataclass(frozen=True)
class Program:
    """What to build; `patches` are bytes of the file by offset, put in last."""

    wide: bool = True
    big: bool = False
    type: int = EXECUTE
    cpu: int = X86_64
    subtype: int = 3
    flags: int = NOUNDEFS | DYLDLINK | TWOLEVEL | PIE
    libraries: tuple[bytes, ...] = (b"/usr/lib/libSystem.B.dylib",)
    rpaths: tuple[bytes, ...] = ()
    symbols: tuple[Symbol, ...] = (
        Symbol(b"local", SECTION, 1, 0, BASE + PAGE),
        Symbol(b"_exported", SECTION | EXTERNAL, 1, 0, BASE + PAGE + 8),
        Symbol(b"___stack_chk_fail"),
        Symbol(b"_printf"),
    )
    trie: bytes = b""  # none: that of the exported symbols
    fixups: bytes = b""
    data: bytes = b"some data, and zeros behind it\0\0"
    data_section: tuple[bytes, bytes] = (b"__DATA", b"__data")
    text_protection: int = R | X
    commands: tuple[bytes, ...] = ()  # whole load commands, behind the others
    signed: bool = True
    entitlements: bytes = b""
    signature_flags: int = 0x2
    overlay: bytes = b""
    patches: dict[int, bytes] = field(default_factory=dict)


def command(number: int, body: bytes, *, big: bool = False, size: int | None = None) -> bytes:
    """A load command, filled up to a multiple of 8 bytes."""
    body += bytes(-len(body) % 8)
    return struct.pack((">" if big else "<") + "2I", number, len(body) + 8 if size is None else size) + body


def raw(
    commands: tuple[bytes, ...],
    *,
    wide: bool = True,
    big: bool = False,
    cpu: int = X86_64,
    subtype: int = 3,
    type: int = EXECUTE,
    flags: int = 0,
    count: int | None = None,
    size: int | None = None,
) -> bytes:
    """A header and its load commands."""
    area = b"".join(commands)
    count = len(commands) if count is None else count
    values = (0xFEEDFACF if wide else 0xFEEDFACE, cpu, subtype, type, count, len(area) if size is None else size, flags)
    return struct.pack((">" if big else "<") + "7I", *values) + (bytes(4) if wide else b"") + area


def uleb(value: int) -> bytes:
    """A number of the export trie."""
    parts = bytearray()
    while value >= 0x80:
        parts.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*parts, value])


def trie(names: dict[bytes, int]) -> bytes:
    """An export trie whose root has an edge for each name."""
    if not names:
        return b"\0\0"
    leaves = [(name, uleb(0) + uleb(address)) for name, address in names.items()]
    head = 2 + sum(len(name) + 1 + 4 for name, _ in leaves)  # offsets of four bytes
    edges, nodes = b"", b""
    for name, said in leaves:
        place = head + len(nodes)
        padded = bytes([place & 0x7F | 0x80, place >> 7 & 0x7F | 0x80, place >> 14 & 0x7F | 0x80, place >> 21])
        edges += name + b"\0" + padded
        nodes += uleb(len(said)) + said + b"\0"
    return b"\0" + bytes([len(names)]) + edges + nodes


def blob(magic: int, data: bytes) -> bytes:
    """A blob of a code signature."""
    return struct.pack(">2I", magic, len(data) + 8) + data


def signature(code: bytes, *, flags: int = 0x2, entitlements: bytes = b"", identifier: bytes = b"com.example") -> bytes:
    """An ad-hoc signature over the code: a code directory, requirements and, where given, entitlements."""
    requirements = blob(0xFADE0C01, bytes(4))
    specials = {2: requirements} | ({5: blob(0xFADE7171, entitlements)} if entitlements else {})
    count = max(specials)
    pages = [code[at : at + PAGE] for at in range(0, len(code), PAGE)]
    name = identifier + b"\0"
    hashes_at = 88 + len(name) + 32 * count
    size = hashes_at + 32 * len(pages)
    head = struct.pack(
        ">9I4BI", 0xFADE0C02, size, 0x20400, flags, hashes_at, 88, count, len(pages), len(code), 32, 2, 0, 12, 0
    )
    head += struct.pack(">3IQ3Q", 0, 0, 0, 0, 0, PAGE, 1)
    stored = [specials.get(slot) for slot in range(count, 0, -1)]
    digests = b"".join(hashlib.sha256(one).digest() if one else bytes(32) for one in stored)
    directory = head + name + digests + b"".join(hashlib.sha256(page).digest() for page in pages)
    parts = [(0, directory), *sorted(specials.items()), (0x10000, blob(0xFADE0B01, b""))]
    at, index, body = 12 + 8 * len(parts), b"", b""
    for slot, part in parts:
        index += struct.pack(">2I", slot, at + len(body))
        body += part
    return struct.pack(">3I", 0xFADE0CC0, at + len(body), len(parts)) + index + body


def _name(name: bytes) -> bytes:
    return name.ljust(16, b"\0")


def segment(
    name: bytes,
    place: tuple[int, int, int, int],
    protection: int,
    sections: tuple[bytes, ...] = (),
    *,
    wide: bool = True,
    big: bool = False,
) -> bytes:
    """A segment command of (address, size, offset, bytes in the file)."""
    words = "4Q4I" if wide else "8I"
    body = struct.pack((">" if big else "<") + words, *place, 7, protection, len(sections), 0)
    size = 8 + 16 + len(body) + sum(map(len, sections))
    head = struct.pack((">" if big else "<") + "2I", 0x19 if wide else 1, size)
    return head + _name(name) + body + b"".join(sections)


def section(
    names: tuple[bytes, bytes],
    place: tuple[int, int, int],
    flags: int = 0,
    *,
    wide: bool = True,
    big: bool = False,
) -> bytes:
    """A section row of (address, size, offset) in the segment and of the name."""
    mark = ">" if big else "<"
    address, size, offset = place
    values = (address, size, offset, 4, 0, 0, flags, 0, 0)
    rest = struct.pack(mark + "2Q8I", *values, 0) if wide else struct.pack(mark + "9I", *values)
    return _name(names[1]) + _name(names[0]) + rest


def symbols(rows: tuple[Symbol, ...], *, wide: bool = True, big: bool = False) -> tuple[bytes, bytes]:
    """The symbol table and its strings."""
    strings, table = b" \0", b""
    form = (">" if big else "<") + ("IBBHQ" if wide else "IBBHI")
    for one in rows:
        table += struct.pack(
            form, len(strings), one.kind, one.section, one.description, one.value & (2**64 if wide else 2**32) - 1
        )
        strings += one.name + b"\0"
    return table, strings + bytes(-len(strings) % 8)


def build(program: Program | None = None) -> bytes:
    """The file."""
    program = program or Program()
    wide, big, mark = program.wide, program.big, ">" if program.big else "<"
    base = BASE if wide else 0x1000
    form = {"wide": wide, "big": big}
    text_at, data_at, linkedit_at = PAGE, 2 * PAGE, 3 * PAGE
    exported = {one.name: one.value - base for one in program.symbols if one.kind & 0x1F == SECTION | EXTERNAL}
    exports = program.trie or trie({name: address & 0xFFFF for name, address in exported.items()})
    exports += bytes(-len(exports) % 8)
    table, strings = symbols(program.symbols, **form)
    fixups_at = linkedit_at + len(exports)
    symbols_at = fixups_at + len(program.fixups)
    strings_at = symbols_at + len(table)
    signature_at = -(-(strings_at + len(strings)) // 16) * 16
    made = signature(bytes(signature_at), entitlements=program.entitlements, flags=program.signature_flags)
    signature_size = -(-len(made) // 16) * 16 if program.signed else 0
    end = signature_at + signature_size
    code = section((b"__TEXT", b"__text"), (base + text_at, len(CODE), text_at), 0x8000_0400, **form)
    data = section(program.data_section, (base + data_at, len(program.data), data_at), **form)
    parts = [
        segment(b"__TEXT", (base, 2 * PAGE, 0, 2 * PAGE), program.text_protection, (code,), wide=wide, big=big),
        segment(b"__DATA", (base + data_at, PAGE, data_at, PAGE), R | W, (data,), wide=wide, big=big),
        segment(b"__LINKEDIT", (base + linkedit_at, PAGE * 4, linkedit_at, end - linkedit_at), R, wide=wide, big=big),
        command(0x8000_0033, struct.pack(mark + "2I", linkedit_at, len(exports)), big=big),
        command(2, struct.pack(mark + "4I", symbols_at, len(program.symbols), strings_at, len(strings)), big=big),
        command(0x1B, bytes(range(16)), big=big),
        command(0x32, struct.pack(mark + "6I", 1, 0xB0000, 0xE0200, 1, 3, 0x4000100), big=big),
        command(0x2A, struct.pack(mark + "Q", 7 << 40 | 1 << 30), big=big),
    ]
    if program.type == EXECUTE:
        zero = segment(b"__PAGEZERO", (0, base, 0, 0), 0, wide=wide, big=big)
        parts.insert(0, zero)
        parts.append(command(0xE, struct.pack(mark + "I", 12) + b"/usr/lib/dyld\0", big=big))
        parts.append(command(0x8000_0028, struct.pack(mark + "2Q", text_at, 0), big=big))
    if program.type == DYLIB:
        versions = struct.pack(mark + "4I", 24, 1, 0x10203, 0x10000)
        parts.append(command(0xD, versions + b"@rpath/libexample.dylib\0", big=big))
    for library in program.libraries:
        versions = struct.pack(mark + "4I", 24, 2, 0x5400000, 0x10000)
        parts.append(command(0xC, versions + library + b"\0", big=big))
    parts += [command(0x8000_001C, struct.pack(mark + "I", 12) + path + b"\0", big=big) for path in program.rpaths]
    if program.fixups:
        parts.append(command(0x8000_0034, struct.pack(mark + "2I", fixups_at, len(program.fixups)), big=big))
    parts += program.commands
    if program.signed:
        parts.append(command(0x1D, struct.pack(mark + "2I", signature_at, signature_size), big=big))
    head = raw(tuple(parts), cpu=program.cpu, subtype=program.subtype, type=program.type, flags=program.flags, **form)
    body = head.ljust(text_at, b"\0") + CODE
    body = body.ljust(data_at, b"\0") + program.data
    body = body.ljust(linkedit_at, b"\0") + exports + program.fixups + table + strings
    body = body.ljust(signature_at, b"\0")
    if program.signed:
        body += signature(body, entitlements=program.entitlements, flags=program.signature_flags)
    body = body.ljust(end, b"\0") + program.overlay
    for at, patch in program.patches.items():
        body = body[:at] + patch + body[at + len(patch) :]
    return body


def find(data: bytes, number: int, *, big: bool = False) -> int:
    """Where the first load command of the number stands in the file."""
    mark = ">" if big else "<"
    at = 32 if data[0 if not big else 3] == 0xCF else 28
    while True:
        found, size = struct.unpack_from(mark + "2I", data, at)
        if found == number:
            return at
        at += size


def fat(slices: tuple[tuple[int, int, bytes], ...], *, wide: bool = False, align: int = 12, rows: bytes = b"") -> bytes:
    """A universal file of (cpu, subtype, bytes); `rows` replaces the rows of its header."""
    at = 1 << align
    made, body = b"", b""
    for cpu, subtype, data in slices:
        values = (cpu, subtype, at + len(body), len(data), align)
        made += struct.pack(">2I2Q2I", *values, 0) if wide else struct.pack(">5I", *values)
        body += data + bytes(-len(data) % (1 << align))
    body = body[: len(body) - (-len(slices[-1][2]) % (1 << align))] if slices else body
    magic = b"\xca\xfe\xba\xbf" if wide else b"\xca\xfe\xba\xbe"
    return (magic + struct.pack(">I", len(slices)) + (rows or made)).ljust(at, b"\0") + body
