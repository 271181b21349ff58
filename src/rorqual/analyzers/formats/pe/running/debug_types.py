"""What single entries of a debug directory hold: CodeView, POGO, VC_FEATURE, REPRO and the like, as stored.

https://learn.microsoft.com/windows/win32/debug/pe-format#debug-type,
https://github.com/dotnet/runtime/blob/main/docs/design/specs/PE-COFF.md for CodeView with portable PDBs, REPRO,
embedded portable PDBs and PDB checksums.
"""

import re
import struct
from typing import NamedTuple

from rorqual.sdk import frozen

TYPES = {
    0: "UNKNOWN",
    1: "COFF",
    2: "CODEVIEW",
    3: "FPO",
    4: "MISC",
    5: "EXCEPTION",
    6: "FIXUP",
    7: "OMAP_TO_SRC",
    8: "OMAP_FROM_SRC",
    9: "BORLAND",
    10: "RESERVED10",
    11: "CLSID",
    12: "VC_FEATURE",
    13: "POGO",
    14: "ILTCG",
    15: "MPX",
    16: "REPRO",
    17: "EMBEDDED_PORTABLE_PDB",
    18: "SPGO",
    19: "PDB_CHECKSUM",
    20: "EX_DLLCHARACTERISTICS",
    21: "R2R_PERFMAP",
}
CODEVIEW, VC_FEATURE, POGO, REPRO = 2, 12, 13, 16
EMBEDDED_PDB, PDB_CHECKSUM, EX_DLL_CHARACTERISTICS = 17, 19, 20
EX_FLAGS = {
    0x01: "CET_COMPAT",
    0x02: "CET_COMPAT_STRICT_MODE",
    0x04: "CET_SET_CONTEXT_IP_VALIDATION_RELAXED_MODE",
    0x08: "CET_DYNAMIC_APIS_ALLOW_IN_PROC",
    0x10: "CET_RESERVED_1",
    0x20: "CET_RESERVED_2",
    0x40: "FORWARD_CFI_COMPAT",
    0x80: "HOTPATCH_COMPATIBLE",
}
POGO_SIGNATURES = {0: "ZERO", 0x4C54_4347: "LTCG", 0x5047_4900: "PGI", 0x5047_4F00: "PGO", 0x5047_5500: "PGU"}
PORTABLE = 0x504D  # minor version of a CodeView entry that names a portable PDB
POGO_TOLD = 256  # contributions told; large images have some 150

_RSDS = struct.Struct("<4sIHH8sI")
_NB10 = struct.Struct("<4sIII")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_ALGORITHM_MAX = 32  # bytes of a hash's name: "SHA256"
_POGO_NAME_MAX = 256


@frozen
class CodeView:
    """Which PDB belongs to the image."""

    format: str  # RSDS, or NB10 of Visual C++ 6 and before
    pdb: str  # path as stored; what is no UTF-8 or does not print as \\xNN
    printable: bool  # False: the path has control characters or such that turn the writing's direction
    guid: str | None  # of RSDS
    timestamp: int | None  # of NB10
    age: int
    symbol_id: str  # what symbol servers file it under


class Contribution(NamedTuple):
    """What an object file's section came to in the image (".text$mn", ".CRT$XCU")."""

    rva: int
    size: int
    name: str


@frozen
class Pogo:
    """Where the linker put the groups of sections, written with link-time code generation or profiles."""

    signature: str
    count: int
    contributions: tuple[Contribution, ...]  # the first POGO_TOLD


@frozen
class VCFeature:
    """How many object files were built which way."""

    pre_vc11: int
    c_cpp: int
    gs: int  # with stack cookies
    sdl: int
    guard_n: int


@frozen
class EmbeddedPDB:
    """A portable PDB, deflated, in the image itself."""

    size: int  # bytes, unpacked, as stated


@frozen
class PDBChecksum:
    """The digest of the PDB that belongs to the image."""

    algorithm: str
    value: str  # hex digits


def code_view(data: bytes, minor_version: int) -> CodeView | None:
    """RSDS or NB10; None for anything else."""
    if data.startswith(b"RSDS") and len(data) >= _RSDS.size:
        _, one, two, three, rest, age = _RSDS.unpack_from(data)
        digits = f"{one:08X}{two:04X}{three:04X}{rest.hex().upper()}"
        parts = (digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:])
        # The symbol server protocol files portable PDBs under an age of all ones.
        shown = "FFFFFFFF" if minor_version == PORTABLE else f"{age:X}"
        path, printable = _path(data[_RSDS.size :])
        return CodeView("RSDS", path, printable, "-".join(parts), None, age, digits + shown)
    if data.startswith(b"NB10") and len(data) >= _NB10.size:
        _, _, timestamp, age = _NB10.unpack_from(data)
        path, printable = _path(data[_NB10.size :])
        return CodeView("NB10", path, printable, None, timestamp, age, f"{timestamp:08X}{age:X}")
    return None


def pogo(data: bytes) -> Pogo:
    """Contributions up to the first that is cut or has no name."""
    signature = int.from_bytes(data[:4], "little")
    told: list[Contribution] = []
    at, count = 4, 0
    while at + 9 <= len(data):
        end = data.find(b"\0", at + 8, at + 8 + _POGO_NAME_MAX)
        if end <= at + 8:
            break
        if count < POGO_TOLD:
            rva, size = struct.unpack_from("<II", data, at)
            told.append(Contribution(rva, size, _text(data[at + 8 : end])[0]))
        count += 1
        at = (end + 4) & ~3
    return Pogo(POGO_SIGNATURES.get(signature, f"{signature:#x}"), count, tuple(told))


def vc_feature(data: bytes) -> VCFeature | None:
    """The five counts; the last two are missing from old linkers' output."""
    if len(data) < 12:
        return None
    return VCFeature(*struct.unpack("<5I", data[:20].ljust(20, b"\0")))


def repro_hash(data: bytes) -> str | None:
    """What stands in for time stamps in a reproducible build; None where only the fact is stated."""
    size = int.from_bytes(data[:4], "little")
    return data[4 : 4 + size].hex() if 0 < size <= len(data) - 4 else None


def embedded_pdb(data: bytes) -> EmbeddedPDB | None:
    """Its unpacked size, from the eight bytes before the deflated stream."""
    return EmbeddedPDB(int.from_bytes(data[4:8], "little")) if data.startswith(b"MPDB") and len(data) >= 8 else None


def pdb_checksum(data: bytes) -> PDBChecksum | None:
    """The algorithm's name up to a NUL, then the digest."""
    name, nul, digest = data.partition(b"\0")
    if not nul or not 0 < len(name) <= _ALGORITHM_MAX:
        return None
    return PDBChecksum(_text(name)[0], digest.hex())


def _path(data: bytes) -> tuple[str, bool]:
    return _text(data.split(b"\0", 1)[0])


def _text(raw: bytes) -> tuple[str, bool]:
    """As UTF-8 with all that does not print escaped, and whether there was nothing of the kind but alien bytes."""
    text = raw.decode("utf-8", "backslashreplace")
    safe = _CONTROLS.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
    return safe, safe == text
