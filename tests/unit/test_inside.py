"""What is inside: many levels of mixed containers, hostile ones, and what is taken out of them."""

import bz2
import gzip
import hashlib
import io
import json
import lzma
import os
import random
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

import rorqual
from rorqual.findings.report import Report
from rorqual.run.extract import KEPT_FREE
from rorqual.sdk import Verdict
from tests.builders.several import archive, elf, member, near, picture, png
from tests.builders.solid_sevenzip import build7z


def zipped(data: bytes, name: str = "inner.bin") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(zipfile.ZipInfo("beside.txt"), b"beside " * 30)
        made.writestr(name, data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def tarred(data: bytes, name: str = "inner.bin") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as made:
        entry = tarfile.TarInfo(name)
        entry.size = len(data)
        made.addfile(entry, io.BytesIO(data))
    return out.getvalue()


def kinds(report: Report) -> list[tuple[str, str | None, tuple[str, ...]]]:
    """(kind, technique, formats) of the verdicts on the file itself."""
    bodies = (one.body for one in report.verdicts if not one.place)
    return [(one.kind, one.technique, one.formats) for one in bodies if isinstance(one, Verdict)]


def taken(report: Report) -> set[str]:
    """SHA-256 of all children."""
    return {digest.value for child in report.children for digest in child.digests if digest.algorithm == "sha256"}


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def test_eight_levels_of_mixed_containers() -> None:
    levels = [b"at the bottom of it all " * 40]
    for wrap in (zipped, gzip.compress, tarred, bz2.compress, zipped, lzma.compress, tarred, zipped):
        levels.append(wrap(levels[-1]))
    report = rorqual.scan(levels.pop())
    assert report.complete
    assert {sha256(data) for data in levels} <= taken(report)
    # Not eight: what DEFLATE stores as it is shows in the level above, and the shallowest place counts.
    assert max(len(child.place) for child in report.children) >= 6
    assert [child.name for child in report.children].count("beside.txt") >= 1


@pytest.mark.parametrize("before", [b"", b"x" * 777])
def test_files_in_data_are_carved_as_they_were(before: bytes) -> None:
    files = [png(), archive("a", "b"), member(), elf()]
    data = before + b"\0".join(file + b"and something between" for file in files)
    report = rorqual.scan(data)
    claims = {(one.offset, one.size) for one in report.findings("claim") if not one.place}
    places = [(data.index(file), len(file)) for file in files]
    assert set(places) <= claims
    assert {sha256(file) for file in files if before or file != files[0]} <= taken(report)


def test_what_lies_in_a_part_is_found_there_and_nowhere_else() -> None:
    inner = tarred(png(), "a.png")
    report = rorqual.scan(archive("a.tar", stored=inner))
    names = [(child.place[-1][1], child.name) for child in report.children]
    assert len([name for name in names if name[1] == "a.png"]) == 1
    assert [len(child.place) for child in report.children if child.name == "a.png"] == [2]


def test_a_stream_that_begins_in_a_part_and_runs_on_behind_it_is_whole() -> None:
    behind = random.Random(7).randbytes(3 << 20)  # more than is decoded as proof: nobody says where the stream ends
    comment = b"\x1f\x8b\x08\0\0\0\0\0\0\xff\0"  # a stored block, which the rest of the picture lies in
    size = len(png(comment=bytes(5))) - len(png(comment=b"x").partition(b"whAlx")[0]) - 4 - 5
    comment += struct.pack("<HH", size, size ^ 0xFFFF)
    host = png(comment=comment)
    inner = host[host.index(comment) + len(comment) :] + behind
    packer = zlib.compressobj(1, zlib.DEFLATED, -15)
    stream = packer.compress(behind) + packer.flush() + struct.pack("<II", zlib.crc32(inner), len(inner))
    report = rorqual.scan(b"x" * 77 + host + stream)
    assert {sha256(host), sha256(inner)} <= taken(report)


def test_members_of_a_stream_are_found_though_its_content_was_met_before() -> None:
    files = {"a.txt": b"in the first " * 40, "b.sh": b"#!/bin/sh\necho in the second\n"}
    solid = build7z(list(files.items()))
    report = rorqual.scan(member(b"".join(files.values())) + solid)
    assert {sha256(data) for data in files.values()} <= taken(report)
    assert set(files) <= {child.name for child in report.children}
    twice = rorqual.scan(solid + b"between them" * 9 + solid + b"behind")
    assert [child.name for child in twice.children].count("b.sh") == 1


@pytest.mark.parametrize("before", [b"", b"x" * 77])
@pytest.mark.parametrize("make", [elf, png])
def test_files_of_one_format_right_behind_one_another_are_files_each(make: Callable[[], bytes], before: bytes) -> None:
    first, second = make(), make().replace(b"\0\0\0\x0f\x05", b"\1\0\0\x0f\x05") if make is elf else png(comment=b"2")
    report = rorqual.scan(before + first + second)
    assert {sha256(data) for data in (first, second) if before or data != first} <= taken(report)


def test_an_executable_behind_an_executable_is_appended() -> None:
    assert kinds(rorqual.scan(elf() + elf())) == [("appended", None, ("elf",))]


def test_names_that_climb_and_links_stay_data(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name in ("../../evil.txt", "/etc/evil.txt", "..\\evil.txt"):
            made.writestr(zipfile.ZipInfo(name), f"from {name}")
        link = zipfile.ZipInfo("link")
        link.create_system, link.external_attr = 3, 0o120777 << 16
        made.writestr(link, "/etc")
    folder = tmp_path / "deep" / "out"
    report = rorqual.scan(out.getvalue(), extract=folder)
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_file()) == sorted(os.listdir(folder))
    (manifest,) = folder.glob("*.manifest.json")
    rows = json.loads(manifest.read_text())["children"]
    assert {"../../evil.txt", "/etc/evil.txt"} <= {row["name"] for row in rows}
    for row in rows:
        assert row["file"] is None or sha256((folder / row["file"]).read_bytes()) == row["digests"]["sha256"]
    assert {"path_traversal", "symlink_member"} <= {one.body.name for one in report.findings("anomaly")}  # type: ignore[attr-defined]  # anomalies have names


@pytest.mark.parametrize("way", ["zip", "cart"])
def test_neutered_files_hold_what_was_taken_out(way: str, tmp_path: Path) -> None:
    rorqual.scan(b"before" + member(b"inside" * 50) + b"behind", extract=tmp_path, neuter=way)
    (path,) = tmp_path.glob(f"{sha256(b'inside' * 50)}*")
    assert path.suffix == f".{way}" and b"inside" not in path.read_bytes()
    if way == "zip":
        import pyzipper  # noqa: PLC0415 - of an extra

        with pyzipper.AESZipFile(path) as packed:
            assert packed.read(packed.namelist()[0], pwd=b"infected") == b"inside" * 50
    else:
        import cart  # noqa: PLC0415 - of an extra

        out = io.BytesIO()
        cart.unpack_stream(io.BytesIO(path.read_bytes()), out)
        assert out.getvalue() == b"inside" * 50


def test_what_the_disk_has_no_room_for_is_not_begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    full = SimpleNamespace(f_bavail=KEPT_FREE + 99, f_frsize=1)
    monkeypatch.setattr(os, "statvfs", lambda _: full)
    report = rorqual.scan(b"before" + member(b"inside" * 50) + b"behind", extract=tmp_path)
    assert any("would be left on the disk" in fault.message for fault in report.faults)
    assert not list(tmp_path.glob(f"{sha256(b'inside' * 50)}*"))


def test_a_manifest_aside_that_is_not_ours_stays(tmp_path: Path) -> None:
    theirs = tmp_path / f"{sha256(b'x' * 99)}.manifest.json.{os.getpid()}"
    theirs.write_text("theirs")
    report = rorqual.scan(b"x" * 99, extract=tmp_path)
    assert theirs.read_text() == "theirs" and report.faults


def test_neutering_in_a_way_nobody_knows_is_told(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="neither cart nor zip"):
        rorqual.scan(b"x", extract=tmp_path, neuter="rot13")


def test_a_bomb_of_members_that_overlap_stops() -> None:
    """All entries lead to the same local header (Fifield, "A better zip bomb", 2019, in its simplest form)."""
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    content = bytes(4 << 20)
    body = packed.compress(content) + packed.flush()
    crc = zlib.crc32(content)
    local = struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 8, 0, 0x21, crc, len(body), len(content), 1, 0) + b"a" + body
    entry = struct.pack(
        "<4s6H3L5H2L", b"PK\1\2", 20, 20, 0, 8, 0, 0x21, crc, len(body), len(content), 1, 0, 0, 0, 0, 0, 0
    )
    directory = (entry + b"a") * 3000
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 3000, 3000, len(directory), len(local), 0)
    report = rorqual.scan(local + directory + end)
    assert sum(child.size for child in report.children) < 64 << 20
    names = {one.body.name for one in report.findings("anomaly")}  # type: ignore[attr-defined]  # anomalies have names
    assert {"members_overlap", "duplicate_name"} & names


def test_a_file_that_holds_itself_is_told_once() -> None:
    """A probe hands on the whole source as its own part, as a quine does by way of its decoder."""
    inner = archive("a.zip", stored=archive("a"))
    report = rorqual.scan(inner * 2)
    assert len(report.children) < 20


def test_thousands_of_members_beyond_the_limit_are_told_in_one_finding() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for number in range(300):
            made.writestr(zipfile.ZipInfo(f"{number}.txt"), f"member {number}")
    report = rorqual.scan(out.getvalue(), limits=rorqual.Limits(children=50))
    assert len(report.children) == 50 and not report.complete
    (told,) = (one for one in report.findings("limit_reached") if one.analyzer == "zip")
    assert told.to_dict()["limit_reached"] == {"limit": "children", "allowance": 50, "dropped": 250}


def test_verdicts_on_files_that_are_several_things() -> None:
    assert kinds(rorqual.scan(png() + archive())) == [("polyglot", "stack", ("png", "zip"))]
    assert kinds(rorqual.scan(png(comment=archive()))) == [("polyglot", "parasite", ("png", "zip"))]
    assert kinds(rorqual.scan(elf() + archive())) == [("self-extracting", None, ("elf", "zip"))]
    assert kinds(rorqual.scan(near(png()))) == [("near-polyglot", None, ("jpeg", "png"))]
    assert kinds(rorqual.scan(picture() + archive()[:-1])) == [("appended", None, ("jpeg",))]


def test_ordinary_containers_are_no_polyglots() -> None:
    for data in (archive("a.png", stored=png()), tarred(png()), zipped(archive()), gzip.compress(png()), archive()):
        assert kinds(rorqual.scan(data)) == []


@pytest.mark.parametrize("seed", range(3))
def test_signatures_alone_are_no_format(seed: int) -> None:
    dice = random.Random(seed)
    magics = [
        b"%PDF-1.4",
        b"PK\3\4",
        b"Rar!\x1a\7\0",
        b"7z\xbc\xaf\x27\x1c",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0",
        b"ustar",
    ]
    data = png() + b"".join(dice.choice(magics) + dice.randbytes(40) for _ in range(60))
    report = rorqual.scan(data)
    assert {one.body.format for one in report.findings("claim")} == {"png"}  # type: ignore[attr-defined]  # claims have formats
    assert not any(kind == "polyglot" for kind, _, _ in kinds(report))


def test_passwords_open_what_is_encrypted() -> None:
    import pyzipper  # noqa: PLC0415 - of an extra

    def encrypted(password: bytes) -> bytes:
        out = io.BytesIO()
        with pyzipper.AESZipFile(out, "w", encryption=pyzipper.WZ_AES) as made:
            made.setpassword(password)
            made.writestr("secret.txt", b"what it says " * 9)
        return out.getvalue()

    expected = sha256(b"what it says " * 9)
    assert expected in taken(rorqual.scan(encrypted(b"infected")))
    closed = rorqual.scan(encrypted(b"krill"))
    assert expected not in taken(closed) and closed.complete
    assert any(line.state == "opaque" for line in closed.coverage)
    opened = rorqual.scan(encrypted(b"krill"), passwords=["krill"])
    assert expected in taken(opened)
    assert opened.plan.fingerprint != closed.plan.fingerprint
