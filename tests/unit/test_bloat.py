"""Padded images: filler with its place, the core to the byte, and what lies beside it."""

import bz2
import gzip
import hashlib
import io
import lzma
import os
import random
import stat
import struct
import zipfile
import zlib
from pathlib import Path

import pefile
import pytest

import rorqual
from rorqual.analyzers.bloat import probe
from rorqual.analyzers.bloat.bodies import Core, Filler, FillerLimits
from rorqual.analyzers.folds import filler as spotting
from rorqual.findings.bodies import Verdict
from rorqual.findings.ledger import Reason
from rorqual.findings.report import Report
from rorqual.run import extract
from rorqual.sources.file import MemorySource
from tests.builders.pe import Image, Section, build

MIB = 1 << 20
SIZE = 11 * MIB + 999
DICE = random.Random(1)
KINDS = {
    "zero": bytes(SIZE),
    "constant": b"\xcc" * SIZE,
    "period": (b"PADDING!" * (SIZE // 8 + 1))[:SIZE],
    "block": (DICE.randbytes(MIB) * 12)[:SIZE],
    "low-entropy": DICE.randbytes(SIZE).translate(bytes(b"etaoin s"[value % 8] for value in range(256))),
    "random": DICE.randbytes(SIZE),
}
BASE = build(Image(sections=(Section(b".text", bytes(range(1, 256)) * 10, 0x6000_0020), Section(b".data", b"x" * 512))))


def core(report: Report) -> Core:
    (body,) = (one.body for one in report.findings("core") if not one.place)
    assert isinstance(body, Core)
    return body


def fillers(report: Report) -> list[tuple[int, int, str, str | None]]:
    told = [(one.offset, one.size, one.body) for one in report.findings("filler") if not one.place]
    return [(offset, size, body.filler, body.where) for offset, size, body in told if isinstance(body, Filler)]


def padded(report: Report) -> Verdict | None:
    bodies = [one.body for one in report.verdicts if isinstance(one.body, Verdict)]
    return next((body for body in bodies if body.kind == "padded"), None)


@pytest.mark.parametrize("kind", KINDS)
def test_appended_filler_leaves_the_original(kind: str, tmp_path: Path) -> None:
    report = rorqual.scan(BASE + KINDS[kind], extract=tmp_path)
    assert fillers(report) == [(len(BASE), SIZE, kind, "overlay")]
    assert padded(report) is not None
    made = core(report)
    assert (made.size, made.filler, made.patches, made.beside, made.left) == (len(BASE), SIZE, (), (), 0)
    for name in ("md5", "sha1", "sha256"):
        assert getattr(made, name) == hashlib.new(name, BASE).hexdigest()
    (written,) = tmp_path.glob("*.core.*")
    assert written.name == f"{made.sha256}.core.exe"
    assert written.read_bytes() == BASE


@pytest.mark.parametrize("kind", KINDS)
def test_what_follows_the_filler_is_kept(kind: str, tmp_path: Path) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("kept.txt", DICE.randbytes(40_000))
    report = rorqual.scan(BASE + KINDS[kind] + archive.getvalue(), extract=tmp_path)
    assert core(report).sha256 == hashlib.sha256(BASE).hexdigest()
    (beside,) = core(report).beside
    assert (beside.offset, beside.size, beside.format) == (len(BASE) + SIZE, len(archive.getvalue()), "zip")
    (child,) = (child for child in report.children if child.place == ((beside.offset, "beside"),))
    assert child.type is not None and child.type.format == "zip"
    (written,) = tmp_path.glob(f"*.beside-{beside.offset:#x}.bin")
    assert written.read_bytes() == archive.getvalue()
    verdict = padded(report)
    assert verdict is not None and "beside it: zip" in verdict.summary


def test_what_lies_between_two_fillers_is_kept() -> None:
    inside = gzip.compress(b"inside", mtime=0)
    report = rorqual.scan(BASE + KINDS["constant"] + inside + KINDS["block"])
    (beside,) = core(report).beside
    assert (beside.offset, beside.size, beside.format) == (len(BASE) + SIZE, len(inside), "gzip")


@pytest.mark.parametrize("kind", KINDS)
def test_a_section_is_cut_at_its_end(kind: str, tmp_path: Path) -> None:
    text, size = bytes(range(1, 256)) * 10, len(KINDS[kind])
    whole = build(
        Image(
            sections=(Section(b".text", text, 0x6000_0020), Section(b".data", b"x" * 512 + KINDS[kind])),
            overlay=b"over",
        )
    )
    report = rorqual.scan(whole, extract=tmp_path)
    ((offset, told, found, where),) = fillers(report)
    assert offset == whole.index(b"x" * 512) + 512 and found == kind and where == "section-end"
    assert 0 <= told - size < 512
    _same_image(whole, tmp_path, core(report), offset, offset + told)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("low-entropy", "random")])
def test_a_section_with_filler_inside_becomes_two(kind: str, tmp_path: Path) -> None:
    inside = b"front" * 100 + KINDS[kind] + bytes(range(1, 256)) * 40
    whole = build(Image(sections=(Section(b".text", inside, 0x6000_0020), Section(b".data", b"some data"))))
    report = rorqual.scan(whole, extract=tmp_path)
    ((offset, size, found, where),) = fillers(report)
    assert (found, where) == (kind, "section") and abs(size - SIZE) <= 1
    made = core(report)
    _same_image(whole, tmp_path, made, offset, offset + size)
    assert pefile.PE(data=next(tmp_path.glob("*.core.*")).read_bytes()).FILE_HEADER.NumberOfSections == 3


def test_headers_without_room_keep_the_filler() -> None:
    inside = b"front" * 100 + KINDS["constant"] + bytes(range(1, 256)) * 40
    parts = [Section(b".text", inside, 0x6000_0020), Section(b".a", b"data"), Section(b".b", b"data")]
    whole = build(Image(sections=tuple(parts)))  # 16 bytes are free behind the table
    report = rorqual.scan(whole)
    assert padded(report) is not None
    assert core(report).left == SIZE and core(report).size == len(whole)


def test_certificates_symbols_and_debug_data_move_along(tmp_path: Path) -> None:
    whole = build(
        Image(
            sections=(Section(b".text", b"\xc3", 0x6000_0020), Section(b".data", b"x" + KINDS["constant"])),
            symbols=bytes(18),
            strings=b"a long name\0",
            certificate=b"signed" * 10,
        )
    )
    report = rorqual.scan(whole, extract=tmp_path)
    ((offset, size, *_),) = fillers(report)
    _same_image(whole, tmp_path, core(report), offset, offset + size)
    (written,) = tmp_path.glob("*.core.*")
    image = pefile.PE(data=written.read_bytes(), fast_load=True)
    security = image.OPTIONAL_HEADER.DATA_DIRECTORY[4]
    entry = written.read_bytes()[security.VirtualAddress :][: security.Size]
    assert b"signed" * 10 in entry
    strings = written.read_bytes()[image.FILE_HEADER.PointerToSymbolTable + 18 :]
    assert strings[4:].startswith(b"a long name\0")


def _same_image(whole: bytes, folder: Path, made: Core, start: int, end: int) -> None:
    """Each section of the whole maps to the same bytes in the core, but for the filler, which may be zeros."""
    (path,) = folder.glob("*.core.exe")
    data = path.read_bytes()
    assert hashlib.sha256(data).hexdigest() == made.sha256
    assert len(data) == made.size == len(whole) - made.filler
    before, after = pefile.PE(data=whole, fast_load=True), pefile.PE(data=data, fast_load=True)
    assert after.OPTIONAL_HEADER.SizeOfImage == before.OPTIONAL_HEADER.SizeOfImage
    assert after.OPTIONAL_HEADER.CheckSum == 0
    mapped = bytearray(after.OPTIONAL_HEADER.SizeOfImage)
    top = 0
    for section in after.sections:
        assert section.VirtualAddress >= top  # as Windows wants them
        top = section.VirtualAddress + section.Misc_VirtualSize
        raw = section.get_data()[: max(section.Misc_VirtualSize, 1)]
        assert section.PointerToRawData % 0x200 == 0
        mapped[section.VirtualAddress : section.VirtualAddress + len(raw)] = raw
    for section in before.sections:
        raw, at = section.get_data()[: section.Misc_VirtualSize], section.PointerToRawData
        for first, last in ((at, min(at + len(raw), start)), (max(at, end), at + len(raw))):
            if first < last:
                place = section.VirtualAddress + first - at
                assert mapped[place : place + last - first] == raw[first - at : last - at]


def _zip(size: int) -> bytes:
    """A member that is stored, and another behind it."""
    one = struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, 0, 0, 0, 0, 8, 8, 1, 0) + b"a" + bytes(8)
    return one + struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, 0, 0, 0, 0, size - 100, size - 100, 1, 0) + b"b"


def _asar() -> bytes:
    text = b'{"files":{}}'
    return struct.pack("<4I", 4, len(text) + 8, len(text) + 4, len(text)) + text


@pytest.mark.parametrize(
    "payload",
    [
        b"head" + _zip(SIZE),
        struct.pack("<II12sII", 0, 0xDEADBEEF, b"NullsoftInst", 500, SIZE),
        b"7z\xbc\xaf\x27\x1c\0\4" + struct.pack("<I", zlib.crc32(bytes(20))) + bytes(20),
        b"Rar!\x1a\x07\x01\0" + struct.pack("<I", zlib.crc32(b"\5\1\0\0\0\0")) + b"\5\1\0\0\0\0",
        b"\xfd7zXZ\0\0\4" + struct.pack("<I", zlib.crc32(b"\0\4")),
        b"Inno Setup Setup Data (5.5.0)".ljust(64, b"\0")
        + struct.pack("<I", zlib.crc32(b"\1\2\0\0\1"))
        + b"\1\2\0\0\1",
        b"zlb\x1a" + zlib.compress(bytes(range(256)) * 100),
        bz2.compress(bytes(range(256)) * 100),
        gzip.compress(random.Random(3).randbytes(20_000), mtime=0),
        b"ISSetupStream".ljust(14, b"\0") + struct.pack("<HI24x", 1, 4) + struct.pack("<II2xI10x", 20, 0, 4000),
        _asar(),
        b"PAYL" + (SIZE - 8).to_bytes(8, "little"),
    ],
)
def test_a_payload_that_something_explains_is_no_filler(payload: bytes) -> None:
    report = rorqual.scan(BASE + payload + KINDS["random"])
    assert fillers(report) == [] and padded(report) is None


def test_blocks_that_follow_each_other_explain_what_is_in_them() -> None:
    block = 1 << 17
    pieces = [KINDS["random"][at : at + block] for at in range(0, SIZE, block)]
    zstd = b"\x28\xb5\x2f\xfd\0\x50" + b"".join((len(one) << 3).to_bytes(3, "little") + one for one in pieces)
    raw = 1 << 31
    lz4 = b"\x04\x22\x4d\x18\x40\x50\0" + b"".join(struct.pack("<I", raw | len(one)) + one for one in pieces)
    member = b"LZIP\x01\x0c\0" + KINDS["random"] + bytes(12)
    lzip = member + (len(member) + 8).to_bytes(8, "little")
    for stream in zstd, lz4, lzip:
        assert fillers(rorqual.scan(BASE + stream)) == []


@pytest.mark.parametrize(
    "magic",
    [
        b"PK\3\4", b"\xef\xbe\xad\xdeNullsoftInst", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\7\0", b"Rar!\x1a\7\1\0", b"MSCF",
        b"zlb\x1a", b"idska32\x1a", b"Inno Setup Setup Data (5.5.0)", b"rDlPtS", b"ISSetupStream", b"InstallShield",
        b";!@Install@!UTF-8!", b"BZh91AY&SY", b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd\0", b"hsqs",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"LZIP", b"LZIP\x01\x0c", b"\x04\x22\x4d\x18\x40\x50", b"Smart Install Maker",
        b"\x1f\x8b\x08\0", b'\4\0\0\0{"files"', b"asar",
    ],
)  # fmt: skip
def test_a_magic_number_explains_nothing(magic: bytes) -> None:
    for before in (b"", b"header"):
        assert padded(rorqual.scan(BASE + before + magic + KINDS["random"])) is not None


def test_a_trailer_whose_sizes_fit_explains_what_is_before_it() -> None:
    mark = b"MEI\x0c\x0b\x0a\x0b\x0e"
    cookie = mark + struct.pack(">4I", SIZE + 88, SIZE - 900, 900, 311) + bytes(64)
    assert padded(rorqual.scan(BASE + KINDS["random"] + cookie)) is None
    assert padded(rorqual.scan(BASE + KINDS["random"] + mark + bytes(80))) is not None


@pytest.mark.parametrize("counter", [1, 4])
def test_blocks_with_a_counter_are_less_sure(counter: int) -> None:
    block = random.Random(7).randbytes(65_536 - counter)
    filler = b"".join(block + (at % (1 << 8 * counter)).to_bytes(counter, "little") for at in range(640))
    report = rorqual.scan(BASE + filler)
    ((offset, size, kind, where),) = fillers(report)
    assert (kind, where) == ("varied-block", "overlay")
    assert abs(offset - len(BASE)) <= 2 * 65_536 and len(BASE) + len(filler) - offset - size <= 65_536
    verdict = padded(report)
    assert verdict is not None and verdict.confidence <= 0.6 and "differ" in verdict.summary


def test_a_sections_own_zeros_are_less_sure() -> None:
    whole = build(Image(sections=(Section(b".text", b"\xc3" * 4096, 0x6000_0020), Section(b".data", bytes(SIZE)))))
    verdict = padded(rorqual.scan(whole))
    assert verdict is not None and verdict.confidence <= 0.6 and "own data" in verdict.summary
    verdict = padded(rorqual.scan(whole + bytes(3 * SIZE)))
    assert verdict is not None and verdict.confidence > 0.6


def test_limits_that_were_reached_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = BASE + KINDS["block"] + b"between" + bytes(2 * MIB) + b"x" + KINDS["random"]
    assert list(rorqual.scan(whole).findings("filler_limits")) == []
    monkeypatch.setattr(probe, "DRAWN_MOST", 0)
    monkeypatch.setattr(probe, "REFINING", 1 << 40)
    (told,) = (one for one in rorqual.scan(whole).findings("filler_limits") if not one.place)
    assert told.body == FillerLimits(dropped=0, drawn=1, unrefined=1) and (told.offset, told.size) == (0, len(whole))
    monkeypatch.setattr(spotting, "MOST", 0)
    (told,) = (one for one in rorqual.scan(whole).findings("filler_limits") if not one.place)
    assert told.body == FillerLimits(dropped=2, drawn=1, unrefined=0)


def test_a_bare_lzma_stream_is_no_filler() -> None:
    filters = [{"id": lzma.FILTER_LZMA1, "dict_size": 1 << 16}]
    stream = lzma.compress(DICE.randbytes(30_000), lzma.FORMAT_RAW, filters=filters)
    report = rorqual.scan(BASE + b"head" + stream + KINDS["random"])
    assert fillers(report) == [] and padded(report) is None


def test_packed_code_is_no_filler() -> None:
    whole = build(Image(sections=(Section(b"UPX1", KINDS["random"], 0xE000_0060),)))
    assert padded(rorqual.scan(whole)) is None


def test_random_filler_is_a_likelihood_and_says_so() -> None:
    verdict = padded(rorqual.scan(BASE + KINDS["random"]))
    assert verdict is not None and verdict.confidence < 0.7 and "encrypted payload" in verdict.summary


class TestExtraction:
    WHOLE = BASE + KINDS["constant"] + b"beside" * 10

    def test_again_gives_the_same(self, tmp_path: Path) -> None:
        for _ in range(2):
            rorqual.scan(self.WHOLE, extract=tmp_path / "new" / "folder")
        assert len(list((tmp_path / "new" / "folder").iterdir())) == 4  # core, beside it, that as a child, manifest

    def test_from_a_stream(self, tmp_path: Path) -> None:
        rorqual.scan(io.BytesIO(self.WHOLE), extract=tmp_path)
        assert hashlib.sha256(BASE).hexdigest() + ".core.exe" in {path.name for path in tmp_path.iterdir()}

    def test_nothing_else_is_overwritten_and_no_link_followed(self, tmp_path: Path) -> None:
        name = hashlib.sha256(BASE).hexdigest() + ".core.exe"
        victim = tmp_path / "victim"
        victim.write_bytes(b"mine")
        folder = tmp_path / "out"
        folder.mkdir()
        (folder / name).symlink_to(victim)
        assert name in rorqual.scan(self.WHOLE, extract=folder).faults[0].message
        (folder / name).unlink()
        (folder / name).write_bytes(b"another")
        assert not rorqual.scan(self.WHOLE, extract=folder).complete
        assert victim.read_bytes() == b"mine" and (folder / name).read_bytes() == b"another"
        assert name in {path.name for path in folder.iterdir()} and len(list(folder.iterdir())) == 4

    @pytest.mark.skipif(os.name == "nt", reason="modes")
    def test_nothing_is_executable(self, tmp_path: Path) -> None:
        rorqual.scan(self.WHOLE, extract=tmp_path)
        assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in tmp_path.iterdir())

    def test_a_source_that_changed_leaves_nothing(self, tmp_path: Path) -> None:
        report = rorqual.scan(self.WHOLE)
        changed = MemorySource(self.WHOLE.replace(b"some", b"SOME").replace(b"\x05\x06\x07", b"\x07\x06\x05"))
        short = MemorySource(self.WHOLE[:100])
        for source in changed, short:
            core = next(iter(extract.extract(source, report, tmp_path)))
            assert isinstance(core, extract.Failed) and core.reason == Reason.CHANGED
        assert list(tmp_path.iterdir()) == []

    def test_nothing_to_take_out(self, tmp_path: Path) -> None:
        rorqual.scan(b"nothing", extract=tmp_path / "made")
        assert [path.suffix for path in (tmp_path / "made").iterdir()] == [".json"]
