"""Code signatures as stored: a SuperBlob of blobs by slot, code directories among them. All numbers are big-endian.

https://github.com/apple-oss-distributions/xnu/blob/main/osfmk/kern/cs_blobs.h. A blob is a magic, its size and bytes.
"""

import hashlib
import struct
from typing import NamedTuple

from rorqual.analyzers.formats.macho import names
from rorqual.sdk import Malformed, View

SUPERBLOB, CODE_DIRECTORY = 0xFADE0CC0, 0xFADE0C02
SLOT_DIRECTORY, SLOT_REQUIREMENTS, SLOT_ENTITLEMENTS, SLOT_ENTITLEMENTS_DER = 0, 2, 5, 7
SLOT_ALTERNATES, SLOT_CMS = 0x1000, 0x10000
ALTERNATES_MOST = 5  # the kernel looks at no more
BLOBS_MOST = 64  # of one signature; there are a dozen slots
BLOB_MOST = 16 << 20  # bytes of one blob read: the code directory of a 1 GB program has 8 MB
TEXT_MOST = 4096  # bytes of an identifier

_SLOTS = {
    0: "code-directory",
    1: "info-plist",
    2: "requirements",
    3: "resource-directory",
    4: "application",
    5: "entitlements",
    6: "representation",
    7: "entitlements-der",
    8: "launch-constraint-self",
    9: "launch-constraint-parent",
    10: "launch-constraint-responsible",
    11: "library-constraint",
    SLOT_CMS: "cms-signature",
    0x10001: "identification",
    0x10002: "ticket",
}
_MAGICS = {
    0xFADE0C00: "requirement",
    0xFADE0C01: "requirements",
    CODE_DIRECTORY: "code-directory",
    SUPERBLOB: "signature",
    0xFADE7171: "entitlements",
    0xFADE7172: "entitlements-der",
    0xFADE8181: "launch-constraint",
    0xFADE0B01: "wrapper",
    0xFADE0B02: "signature-old",
}
FLAGS = {
    0x1: "HOST",
    0x2: "ADHOC",
    0x4: "GET_TASK_ALLOW",
    0x8: "INSTALLER",
    0x10: "FORCED_LV",
    0x20: "INVALID_ALLOWED",
    0x100: "HARD",
    0x200: "KILL",
    0x400: "CHECK_EXPIRATION",
    0x800: "RESTRICT",
    0x1000: "ENFORCEMENT",
    0x2000: "REQUIRE_LV",
    0x4000: "ENTITLEMENTS_VALIDATED",
    0x8000: "NVRAM_UNRESTRICTED",
    0x1_0000: "RUNTIME",
    0x2_0000: "LINKER_SIGNED",
}
ADHOC, REQUIRE_LV, RUNTIME = 0x2, 0x2000, 0x1_0000
EXECUTABLE_FLAGS = {
    0x1: "MAIN_BINARY",
    0x10: "ALLOW_UNSIGNED",
    0x20: "DEBUGGER",
    0x40: "JIT",
    0x80: "SKIP_LV",
    0x100: "CAN_LOAD_CDHASH",
    0x200: "CAN_EXEC_CDHASH",
}
# By hash type: its name here, hashlib's, bytes of a slot.
HASHES = {
    1: ("sha1", "sha1", 20),
    2: ("sha256", "sha256", 32),
    3: ("sha256-truncated", "sha256", 20),
    4: ("sha384", "sha384", 48),
    5: ("sha512", "sha512", 64),
}
CDHASH = 20  # bytes of a code directory's digest that name it
_HEAD = struct.Struct(">9I4BI")


class Blob(NamedTuple):
    """A blob of the signature; `at` counts from the signature's start."""

    slot: int
    at: int
    magic: int
    size: int  # as declared
    present: int  # bytes of it that are there


class Superblob(NamedTuple):
    """The index, and what it leads to."""

    declared: int
    size: int  # as declared
    blobs: tuple[Blob, ...]
    present: int  # bytes of the whole that are there

    def by_slot(self) -> dict[int, Blob]:
        """The blobs by slot, the first of each, as the kernel takes them."""
        found: dict[int, Blob] = {}
        for blob in self.blobs:
            found.setdefault(blob.slot, blob)
        return found


class CodeDirectory(NamedTuple):
    """A code directory, up to what its version has."""

    blob: Blob
    data: bytes
    version: int
    flags: int
    identifier: str | None
    team: str | None
    special_slots: int
    code_slots: int
    code_limit: int
    hash_size: int
    hash_type: int
    platform: int
    page_size: int | None  # None: the code is one page
    hashes_at: int
    executable_base: int | None
    executable_limit: int | None
    executable_flags: int | None
    runtime: str | None
    cut: bool  # not all of it was read

    @property
    def cdhash(self) -> str | None:
        """The digest that names it, hex; None where its algorithm is unknown or bytes are missing."""
        known = HASHES.get(self.hash_type)
        if known is None or self.cut:
            return None
        return hashlib.new(known[1], self.data, usedforsecurity=False).hexdigest()[: 2 * CDHASH]

    def special(self, slot: int) -> bytes | None:
        """The digest of a special slot; None where it has none."""
        at = self.hashes_at - slot * self.hash_size
        if not 0 < slot <= self.special_slots or at < 0 or at + self.hash_size > len(self.data):
            return None
        stored = self.data[at : at + self.hash_size]
        return stored if any(stored) else None


def slot_name(slot: int) -> str:
    """code-directory, cms-signature, code-directory-1, 0x42."""
    if SLOT_ALTERNATES <= slot < SLOT_ALTERNATES + ALTERNATES_MOST:
        return f"code-directory-{slot - SLOT_ALTERNATES + 1}"
    return _SLOTS.get(slot) or f"{slot:#x}"


def magic_name(magic: int) -> str:
    """What a blob says it is."""
    return _MAGICS.get(magic) or f"{magic:#x}"


def read_superblob(view: View, at: int, present: int) -> Superblob:
    """The index of a signature.

    Raises:
        Malformed: there is none.
    """
    head = view.exact(at, 12) if present >= 12 else b""
    magic, size, count = struct.unpack(">3I", head) if head else (0, 0, 0)
    if magic != SUPERBLOB:
        raise Malformed(view.offset + at, "the index of a code signature")
    rows = view.read(at + 12, min(count, BLOBS_MOST, (present - 12) // 8) * 8)
    blobs: list[Blob] = []
    first = present
    for slot, place in struct.iter_unpack(">2I", rows[: len(rows) // 8 * 8]):
        view.step()
        if 20 + 8 * len(blobs) > first:
            break  # the index has reached the first blob
        first = min(first, max(place, 12))
        head = view.read(at + place, 8) if place + 8 <= present else b""
        magic, length = struct.unpack(">2I", head) if len(head) == 8 else (0, 0)
        blobs.append(Blob(slot, place, magic, length, max(0, min(length, present - place))))
    return Superblob(count, size, tuple(blobs), present)


def blob_bytes(view: View, at: int, blob: Blob, most: int = BLOB_MOST) -> bytes:
    """The blob with its head."""
    return view.read(at + blob.at, min(blob.present, most))


def code_directories(view: View, at: int, whole: Superblob) -> list[CodeDirectory]:
    """Those of the slots for them, the first and its alternates."""
    found: list[CodeDirectory] = []
    for blob in whole.blobs:
        alternate = SLOT_ALTERNATES <= blob.slot < SLOT_ALTERNATES + ALTERNATES_MOST
        if (blob.slot == SLOT_DIRECTORY or alternate) and len(found) <= ALTERNATES_MOST:
            one = _directory(blob, blob_bytes(view, at, blob))
            if one is not None:
                found.append(one)
    return found


def _directory(blob: Blob, data: bytes) -> CodeDirectory | None:
    if blob.magic != CODE_DIRECTORY or len(data) < _HEAD.size:
        return None
    (_, _, version, flags, hashes_at, ident_at, specials, slots, limit, hash_size, hash_type, platform, page, _) = (
        _HEAD.unpack_from(data)
    )
    team, base, extent, executable, runtime = 0, None, None, None, None
    if version >= 0x20200 and len(data) >= 52:
        team = int.from_bytes(data[48:52], "big")
    if version >= 0x20300 and len(data) >= 64:
        limit = int.from_bytes(data[56:64], "big") or limit
    if version >= 0x20400 and len(data) >= 88:
        base, extent, executable = struct.unpack_from(">3Q", data, 64)
    if version >= 0x20500 and len(data) >= 92:
        number = int.from_bytes(data[88:92], "big")
        runtime = names.version(number) if number else None
    return CodeDirectory(
        blob=blob,
        data=data,
        version=version,
        flags=flags,
        identifier=_text(data, ident_at),
        team=_text(data, team),
        special_slots=specials,
        code_slots=slots,
        code_limit=limit,
        hash_size=hash_size,
        hash_type=hash_type,
        platform=platform,
        page_size=1 << page if 0 < page < 64 else None,
        hashes_at=hashes_at,
        executable_base=base,
        executable_limit=extent,
        executable_flags=executable,
        runtime=runtime,
        cut=len(data) < blob.size,
    )


def _text(data: bytes, at: int) -> str | None:
    if not at or at >= len(data):
        return None
    return names.printable(data[at : at + TEXT_MOST].split(b"\0", 1)[0])
