"""Archives of the room `solid`, where the corpus does not show it: exact extents anywhere, methods, passwords."""

import bz2
import hashlib
import lzma
import random
import struct
import zlib
from collections.abc import Callable
from typing import Any

import pytest

import rorqual
from rorqual.analyzers.formats.solid.aes import Cbc, decrypted, schedule, tables
from rorqual.analyzers.formats.solid.bcj2 import bcj2
from rorqual.analyzers.formats.solid.lzx import FRAME, UNCOMPRESSED, Lzx
from rorqual.analyzers.formats.solid.sevenzip_coders import stretched
from rorqual.sdk import Claim
from tests.builders import solid_arj, solid_cab, solid_others, solid_rar, solid_sevenzip

FILES = [("krill.txt", b"small and many\n" * 20), ("whale", b"one and big\n" * 30)]

ARCHIVES: dict[str, bytes] = {
    "rar": solid_rar.main5() + solid_rar.file5(b"krill", b"small") + solid_rar.end5(),
    "rar-4": solid_rar.main4() + solid_rar.file4(b"krill", b"small") + solid_rar.end4(),
    "rar-no-end": solid_rar.main4() + solid_rar.file4(b"krill", b"small"),
    "7z": solid_sevenzip.build7z(FILES, packed_header=True),
    "7z-empty": solid_sevenzip.archive(b"", b""),
    "arj": solid_arj.main() + solid_arj.header(b"KRILL", b"small") + solid_arj.END,
    "cab": solid_cab.cabinet(FILES),
    "ace": solid_others.ace_main() + solid_others.ace_file(b"KRILL", b"small"),
    "wim": solid_others.wim(b"small and many"),
    "chm": solid_others.chm([("/krill", b"small")]),
    "nsis": solid_others.nsis(FILES, solid=True),
}


def extents(data: bytes) -> list[tuple[int, int, str]]:
    claims = (one for one in rorqual.scan(data).findings("claim") if not one.place)
    return [(one.offset, one.size, one.body.format) for one in claims if isinstance(one.body, Claim)]


def body(data: bytes, kind: str) -> Any:
    """Of the first finding of the kind."""
    return next(rorqual.scan(data).findings(kind)).body


@pytest.mark.parametrize("name", ARCHIVES)
def test_an_extent_is_exact_wherever_it_is(name: str) -> None:
    archive, format_id = ARCHIVES[name], name.partition("-")[0]
    assert extents(archive) == [(0, len(archive), format_id)]
    assert extents(b"x" * 777 + archive + b"y" * 99) == [(777, len(archive), format_id)]


@pytest.mark.parametrize("name", [name for name in ARCHIVES if name not in ("rar-no-end", "ace", "7z-empty")])
def test_one_byte_less_is_no_extent(name: str) -> None:
    assert extents(ARCHIVES[name][:-1]) == []


def children(data: bytes) -> dict[str | None, str]:
    """SHA-256 by name."""
    report = rorqual.scan(data)
    return {child.name: child.digests[-1].value for child in report.children}


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def test_members_of_a_solid_stream_are_its_children() -> None:
    for archive in (ARCHIVES["7z"], ARCHIVES["cab"], ARCHIVES["nsis"]):
        found = children(archive)
        assert {name: found[name] for name, _ in FILES} == {name: sha256(data) for name, data in FILES}


def sevenzip_by(coder: bytes, packed: bytes, data: bytes) -> bytes:
    header = solid_sevenzip.database([("krill", data)], len(packed), coder)
    return solid_sevenzip.archive(packed, header)


def raw(data: bytes, *filters: dict[str, int]) -> bytes:
    return lzma.compress(data, lzma.FORMAT_RAW, filters=list(filters))


def deflate(data: bytes) -> bytes:
    stream = zlib.compressobj(9, zlib.DEFLATED, -15)
    return stream.compress(data) + stream.flush()


CODE = b"\xe8\x10\x20\x30\x00\x90" * 300
LZMA1 = {"id": lzma.FILTER_LZMA1, "dict_size": 1 << 16, "lc": 3, "lp": 0, "pb": 2}
CODERS: dict[str, tuple[bytes, Callable[[bytes], bytes]]] = {
    "lzma": (b"\x23\x03\x01\x01\x05\x5d\x00\x00\x01\x00", lambda data: raw(data, LZMA1)),
    "bzip2": (b"\x03\x04\x02\x02", bz2.compress),
    "deflate": (b"\x03\x04\x01\x08", deflate),
}


@pytest.mark.parametrize("method", CODERS)
def test_methods_of_7z(method: str) -> None:
    coder, pack = CODERS[method]
    archive = sevenzip_by(coder, pack(CODE), CODE)
    assert children(archive)["krill"] == sha256(CODE)
    assert body(archive, "sevenzip_archive").methods == (method,)


def test_filtered_code_of_7z_is_whole_to_its_last_byte() -> None:
    """The lzma module keeps back the last bytes of a filter whose stream has no end mark."""
    data = raw(CODE, {"id": lzma.FILTER_X86}, solid_sevenzip.LZMA2)
    coders = b"\x04\x03\x03\x01\x03" + b"\x21\x21\x01\x08" + b"\x00\x01"  # the first takes what the second gives
    whole = solid_sevenzip.folder(len(data), len(CODE), b"\0", zlib.crc32(CODE))
    streams = whole.replace(
        b"\x07\x0b\x01\x00\x01\x00\x0c", b"\x07\x0b\x01\x00\x02" + coders + b"\x0c" + solid_sevenzip.number(len(CODE))
    )
    archive = solid_sevenzip.archive(data, b"\x01\x04" + streams + b"\0\x05\x01\x11\x05\0k\0\0\0\0\0")
    assert children(archive) == {"k": sha256(CODE)}


def test_7z_with_a_password_is_opened_by_a_usual_one() -> None:
    """An archive of one encrypted, stored member, as 7-Zip writes it with -mhe=off; the key is of 2^4 rounds."""
    key = stretched("infected".encode("utf-16-le"), 4)
    plain = b"what is hidden".ljust(16, b"\0")
    packed = encrypt(key, plain)
    coder = b"\x24\x06\xf1\x07\x01\x02\x04\x00"
    archive = sevenzip_by(coder, packed, b"what is hidden")
    assert children(archive) == {"krill": sha256(b"what is hidden")}
    assert body(archive, "sevenzip_archive").password == "infected"


def test_7z_without_the_password_is_opaque_and_complete() -> None:
    coder = b"\x24\x06\xf1\x07\x01\x02\x04\x00"
    archive = sevenzip_by(coder, bytes(range(16)), b"what is hidden")
    report = rorqual.scan(archive)
    assert report.complete
    assert not report.children
    assert any((one.state, one.analyzer) == ("opaque", "7z") for one in report.coverage)


def encrypt(key: bytes, block: bytes) -> bytes:
    """One block under AES (FIPS 197, section 5.1): the package decrypts only."""
    box, rounds = tables().box, _plain_schedule(key)
    state = bytes(one ^ other for one, other in zip(block, rounds[0], strict=True))
    for number, round_key in enumerate(rounds[1:], 1):
        state = state.translate(box)
        state = bytes(state[(at + 4 * (at % 4)) % 16] for at in range(16))
        if number < len(rounds) - 1:
            state = b"".join(_mixed(state[at : at + 4]) for at in range(0, 16, 4))
        state = bytes(one ^ other for one, other in zip(state, round_key, strict=True))
    return state


def _twice(value: int) -> int:
    return value << 1 & 0xFF ^ (0x1B if value & 0x80 else 0)


def _mixed(column: bytes) -> bytes:
    first, second, third, fourth = column
    return bytes(
        _twice(one) ^ _twice(two) ^ two ^ three ^ four
        for one, two, three, four in (
            (first, second, third, fourth),
            (second, third, fourth, first),
            (third, fourth, first, second),
            (fourth, first, second, third),
        )
    )


def _plain_schedule(key: bytes) -> list[bytes]:
    """The round keys as they are used forward: those in the middle mixed once more."""
    keys = schedule(key)
    return [keys[0], *(b"".join(_mixed(one[at : at + 4]) for at in range(0, 16, 4)) for one in keys[1:-1]), keys[-1]]


def test_aes_is_that_of_the_standard() -> None:
    """FIPS 197, appendix C: keys of 128 and 256 bits."""
    plain = bytes.fromhex("00112233445566778899aabbccddeeff")
    short, long = bytes(range(16)), bytes(range(32))
    assert Cbc(short, bytes(16)).blocks(bytes.fromhex("69c4e0d86a7b0430d8cdb78070b4c55a")) == plain
    assert Cbc(long, bytes(16)).blocks(bytes.fromhex("8ea2b7ca516745bfeafc49904b496089")) == plain
    assert encrypt(long, plain).hex() == "8ea2b7ca516745bfeafc49904b496089"


def test_aes_in_pieces_is_aes() -> None:
    data = random.Random(5).randbytes(4096)
    whole = b"".join(decrypted([data], bytes(32), bytes(16)))
    for size in (1, 15, 16, 17, 1000):
        pieces = (data[at : at + size] for at in range(0, len(data), size))
        assert b"".join(decrypted(pieces, bytes(32), bytes(16))) == whole


def test_a_key_is_stretched_as_by_the_book() -> None:
    digest = hashlib.sha256()
    for number in range(1 << 17):
        digest.update(b"w\0h\0" + number.to_bytes(8, "little"))
    assert stretched(b"w\0h\0", 17) == digest.digest()


def test_bcj2_without_branches_is_what_it_was() -> None:
    plain = bytes(range(0x80)) * 9
    for size in (1, 7, 2000):
        pieces = (plain[at : at + size] for at in range(0, len(plain), size))
        made = bcj2([pieces, iter(()), iter(()), iter((bytes(64),))], len(plain), 0)
        assert b"".join(made) == plain


def test_a_password_opens_what_rar_5_stores() -> None:
    salt, vector, rounds = b"s" * 16, bytes(16), 4
    key = hashlib.pbkdf2_hmac("sha256", b"infected", salt, 1 << rounds)
    value = hashlib.pbkdf2_hmac("sha256", b"infected", salt, (1 << rounds) + 32)
    check = bytes(value[at] ^ value[at + 8] ^ value[at + 16] ^ value[at + 24] for at in range(8))
    check += hashlib.sha256(check).digest()[:4]
    extra = solid_rar.record5(1, b"\0\1" + bytes((rounds,)) + salt + vector + check)
    member = solid_rar.file5(b"hidden", encrypt(key, b"what is hidden!!"), extra=extra)
    archive = solid_rar.main5() + member + solid_rar.end5()
    assert children(archive) == {"hidden": sha256(b"what is hidden!!")}
    assert body(archive, "rar_archive").password == "infected"


def test_names_of_rar_4_in_another_script() -> None:
    """Runs of what differs from the name in the old code page: a high byte, then flags of two bits."""
    encoded = b"\x04" + b"\x55" + b"\x3a\x38\x42\x4b"
    member = solid_rar.file4(b"????\0" + encoded, b"small", flags=0x200)
    archive = solid_rar.main4() + member + solid_rar.end4()
    assert set(children(archive)) == {"\u043a\u0438\u0442\u044b"}


def test_lzx_in_a_cabinet() -> None:
    """A window of 2^15 bytes: fifteen in the upper byte of the method."""
    plain = b"small and many" + b"ny" * 3
    archive = solid_cab.cabinet([("krill", plain)], method=0x0F03, packed=solid_cab.lzx(plain[:-6], 6, 2))
    assert children(archive) == {"krill": sha256(plain)}


def test_lzx_as_it_is_and_across_frames() -> None:
    """An uncompressed block of odd size that ends in the second frame, and another behind its padding."""
    plain = random.Random(5).randbytes(FRAME + 4096)

    def block(content: bytes, *, begins: bool) -> bytes:
        bits = solid_cab.Bits()
        if begins:
            bits.put(0, 1)
        bits.put(UNCOMPRESSED, 3)
        bits.put(len(content), 24)
        return bits.data() + struct.pack("<III", 1, 1, 1)

    first, second = plain[: FRAME + 101], plain[FRAME + 101 :]
    data = block(first, begins=True) + first + b"\0" + block(second, begins=False) + second
    lzx = Lzx(15, 0)
    one, used = lzx.frame(data, FRAME)
    two, _ = lzx.frame(data[used:], 4096)
    assert one + two == plain


def test_a_signed_cabinet_has_its_signature() -> None:
    plain = solid_cab.cabinet(FILES, reserve=b"\x00\x00\x10\x00" + bytes(16))
    signature = b"\x30\x03\x02\x01\x05"
    at = plain.index(b"\x00\x00\x10\x00" + bytes(16))
    signed = plain[: at + 4] + struct.pack("<II", len(plain), len(signature)) + plain[at + 12 :] + signature
    assert extents(signed + b"after") == [(0, len(signed), "cab")]


def test_a_flood_of_signatures_is_cheap() -> None:
    data = (solid_rar.MARKER5 + b"7z\xbc\xaf\x27\x1c\x00\x04" + b"**ACE**\x14" + b"\x60\xea" + b"MSCF") * 20_000
    report = rorqual.scan(data)
    assert not list(report.findings("claim"))
