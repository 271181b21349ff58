"""Small PE images, byte for byte the same each time: valid unless a test asks for a lie."""

import struct
from dataclasses import dataclass, field

CODE, DATA, BSS = 0x6000_0020, 0xC000_0040, 0xC000_0080
I386, AMD64 = 0x14C, 0x8664
SECURITY = 4


@dataclass(frozen=True)
class Section:
    """A section; what is None is laid out as a linker would."""

    name: bytes
    data: bytes = b""
    flags: int = DATA
    virtual_size: int | None = None
    virtual_address: int | None = None
    raw_pointer: int | None = None
    raw_size: int | None = None


@dataclass(frozen=True)
class Image:
    """What to build; `fields` overrides header fields by name, `patches` bytes of the file by offset."""

    sections: tuple[Section, ...] = (
        Section(b".text", bytes(range(256)) * 2 + b"\xc3", CODE),
        Section(b".data", b"some data"),
    )
    plus: bool = False
    dll: bool = False
    e_lfanew: int = 0x80
    file_alignment: int = 0x200
    section_alignment: int = 0x1000
    directories: dict[int, tuple[int, int]] = field(default_factory=dict)
    symbols: bytes = b""  # COFF symbols, a multiple of 18 bytes
    strings: bytes = b""  # what follows the size of the string table
    overlay: bytes = b""
    certificate: bytes = b""
    fields: dict[str, int] = field(default_factory=dict)
    patches: dict[int, bytes] = field(default_factory=dict)


def build(image: Image | None = None) -> bytes:
    """The file."""
    image = image or Image()
    optional_size = (112 if image.plus else 96) + 16 * 8
    table = image.e_lfanew + 24 + optional_size
    headers_size = _up(table + 40 * len(image.sections), image.file_alignment)
    rows, body, size_of_image = _lay_out(image, headers_size)
    tail = b""
    symbols_at = 0
    if image.symbols or image.strings:
        symbols_at = headers_size + len(body)
        tail = image.symbols + struct.pack("<I", 4 + len(image.strings)) + image.strings
    tail += image.overlay
    directories = dict(image.directories)
    if image.certificate:
        tail += bytes(-(headers_size + len(body) + len(tail)) % 8)
        entry = struct.pack("<IHH", 8 + len(image.certificate), 0x200, 2) + image.certificate
        entry += bytes(-len(entry) % 8)
        directories[SECURITY] = (headers_size + len(body) + len(tail), len(entry))
        tail += entry
    fields = {
        "Machine": AMD64 if image.plus else I386,
        "NumberOfSections": len(image.sections),
        "TimeDateStamp": 0x5F5E_1000,
        "PointerToSymbolTable": symbols_at,
        "NumberOfSymbols": len(image.symbols) // 18,
        "SizeOfOptionalHeader": optional_size,
        "Characteristics": 0x2 | (0x20 if image.plus else 0x100) | (0x2000 if image.dll else 0),
        "Magic": 0x20B if image.plus else 0x10B,
        "AddressOfEntryPoint": 0x1000,
        "ImageBase": 0x1_8000_0000 if image.plus else 0x40_0000,
        "SectionAlignment": image.section_alignment,
        "FileAlignment": image.file_alignment,
        "SizeOfImage": size_of_image,
        "SizeOfHeaders": headers_size,
        "Subsystem": 3,
        "DllCharacteristics": 0x8140,
        "NumberOfRvaAndSizes": 16,
    } | image.fields
    head = bytearray(headers_size)
    head[:64] = _dos(image.e_lfanew)
    nt = _coff(fields) + _optional(fields, plus=image.plus)
    for index in range(16):
        nt += struct.pack("<II", *directories.get(index, (0, 0)))
    head[image.e_lfanew : image.e_lfanew + len(nt)] = nt
    if image.e_lfanew < 0x40:
        struct.pack_into("<I", head, 0x3C, image.e_lfanew)
    head[table : table + len(rows)] = rows
    data = bytearray(bytes(head) + body + tail)
    for offset, patch in image.patches.items():
        data[offset : offset + len(patch)] = patch
    return bytes(data)


def _lay_out(image: Image, headers_size: int) -> tuple[bytes, bytes, int]:
    """The section table, the sections' bytes, SizeOfImage."""
    rows, body = b"", b""
    address = _up(headers_size, image.section_alignment)
    for section in image.sections:
        raw = section.data + bytes(-len(section.data) % image.file_alignment)
        virtual_size = len(section.data) if section.virtual_size is None else section.virtual_size
        at = address if section.virtual_address is None else section.virtual_address
        pointer = headers_size + len(body) if raw else 0
        rows += struct.pack(
            "<8s6I2HI",
            section.name,
            virtual_size,
            at,
            len(raw) if section.raw_size is None else section.raw_size,
            pointer if section.raw_pointer is None else section.raw_pointer,
            0,
            0,
            0,
            0,
            section.flags,
        )
        body += raw
        address = _up(min(at + max(virtual_size, 1), 0xFFFF_0000), image.section_alignment)
    return rows, body, address


def _dos(e_lfanew: int) -> bytes:
    return struct.pack("<2s13H8x2H20xI", b"MZ", 0x90, 3, 0, 4, 0, 0xFFFF, 0, 0xB8, 0, 0, 0, 0x40, 0, 0, 0, e_lfanew)


def _coff(fields: dict[str, int]) -> bytes:
    order = (
        "Machine NumberOfSections TimeDateStamp PointerToSymbolTable NumberOfSymbols SizeOfOptionalHeader "
        "Characteristics"
    )
    return struct.pack("<4sHHIIIHH", b"PE\0\0", *(fields[name] for name in order.split()))


def _optional(fields: dict[str, int], *, plus: bool) -> bytes:
    order = (
        "Magic MajorLinkerVersion MinorLinkerVersion SizeOfCode SizeOfInitializedData "
        f"SizeOfUninitializedData AddressOfEntryPoint BaseOfCode {'' if plus else 'BaseOfData'} ImageBase "
        "SectionAlignment FileAlignment MajorOperatingSystemVersion MinorOperatingSystemVersion "
        "MajorImageVersion MinorImageVersion MajorSubsystemVersion MinorSubsystemVersion "
        "Win32VersionValue SizeOfImage SizeOfHeaders CheckSum Subsystem DllCharacteristics "
        "SizeOfStackReserve SizeOfStackCommit SizeOfHeapReserve SizeOfHeapCommit LoaderFlags "
        "NumberOfRvaAndSizes"
    )
    form = "<HBB5IQ2I6H4I2H4Q2I" if plus else "<HBB9I6H4I2H6I"
    return struct.pack(form, *(fields.get(name, 0) for name in order.split()))


def _up(value: int, grain: int) -> int:
    return -(-value // grain) * grain
