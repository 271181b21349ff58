"""Padded executables and honest ones: how many are found, with exact ranges and the right core, and how many wrongly.

    python -m bench.padded BASES WORK [--honest DIR ...] [--sizes MIB ...] [--bases N] [--kinds ...] [--places ...]

Each of the first N PEs of 20 KB to 3 MB in BASES (files, or wheels that hold some) is filled up in WORK, one file at a
time: with zeros, one byte, a 1 KB period, a 1 MiB block, bytes of few values and random ones; appended, appended with
a ZIP behind, at the end of the last section, in a section of its own, and in a resource. Found means a verdict
`padded`; exact, filler of just the range (zeros right before zeros are theirs); core, digests and bytes of the base
where filler was appended, and elsewhere an image that maps as the whole does outside the filler.
"""

import argparse
import hashlib
import io
import itertools
import os
import random
import struct
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pefile

import rorqual
from rorqual.analyzers.bloat.bodies import Core, Filler

MIB = 1 << 20
KINDS = ("zero", "byte", "period", "block", "few", "random")
PLACES = ("end", "end+zip", "section", "own-section", "resource")


class Padded(NamedTuple):
    """A file that was made, and where its filler is."""

    path: Path
    start: int
    end: int


def unit(kind: str, dice: random.Random) -> bytes:
    """What is repeated; empty where each byte is drawn."""
    return {"zero": b"\0", "byte": b"\xcc", "period": dice.randbytes(1024), "block": dice.randbytes(MIB)}.get(kind, b"")


def filler(kind: str, size: int, seed: int) -> Iterator[bytes]:
    """`size` bytes in pieces."""
    dice = random.Random(seed)
    base = unit(kind, dice)
    done = 0
    if base:
        piece = base * max(1, MIB // len(base))
    while done < size:
        if not base:
            piece = dice.randbytes(MIB)
            if kind == "few":
                piece = piece.translate(bytes(b"etaoin s"[value % 8] for value in range(256)))
        yield piece[: size - done]
        done += len(piece)


def bases(folder: Path, number: int) -> Iterator[tuple[str, bytes]]:
    """PEs with sections, by name."""
    found = 0
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".whl":
            with zipfile.ZipFile(path) as wheel:
                names = [one for one in wheel.infolist() if one.filename.endswith((".pyd", ".dll", ".exe"))]
                told = [(one.filename, wheel.read(one)) for one in names if 20_000 < one.file_size < 3 * MIB][:2]
        elif path.suffix in (".exe", ".dll", ".pyd") and 20_000 < path.stat().st_size < 3 * MIB:
            told = [(path.name, path.read_bytes())]
        else:
            continue
        for name, data in told:
            if data.startswith(b"MZ"):
                yield name, data
                found += 1
                if found == number:
                    return


def padded(base: bytes, kind: str, place: str, *, size: int, seed: int, path: Path) -> Padded | None:
    """The file; None where the base has no room for it."""
    with path.open("wb") as out:
        if place in ("end", "end+zip"):
            out.write(base)
            out.writelines(filler(kind, size, seed))
            if place == "end+zip":
                archive = io.BytesIO()
                with zipfile.ZipFile(archive, "w") as made:
                    made.writestr("kept.txt", "what follows the filler is never thrown away")
                out.write(archive.getvalue())
            return Padded(path, len(base), len(base) + size)
        image = pefile.PE(data=base, fast_load=True)
        unit_size, page = image.OPTIONAL_HEADER.FileAlignment, image.OPTIONAL_HEADER.SectionAlignment
        head = bytearray(base)
        last = max(image.sections, key=lambda one: one.PointerToRawData + one.SizeOfRawData)
        end = last.PointerToRawData + last.SizeOfRawData
        size = -(-size // page) * page
        if last is not image.sections[-1]:
            return None
        security = image.OPTIONAL_HEADER.DATA_DIRECTORY[4]
        if security.VirtualAddress:
            struct.pack_into("<I", head, security.get_file_offset(), security.VirtualAddress + size)
        row = last.get_file_offset()
        start, before = end, b""
        if place == "section":
            struct.pack_into("<I", head, row + 8, last.SizeOfRawData + size)
            struct.pack_into("<I", head, row + 16, last.SizeOfRawData + size)
            top = last.VirtualAddress + last.SizeOfRawData + size
        else:
            address = -(-(last.VirtualAddress + max(last.Misc_VirtualSize, last.SizeOfRawData)) // page) * page
            if row + 80 > image.sections[0].PointerToRawData or any(head[row + 40 : row + 80]):
                return None
            if place == "resource":
                tree = struct.pack("<IIHHHHII", 0, 0, 0, 0, 0, 1, 10, 0x80000018)
                tree += struct.pack("<IIHHHHII", 0, 0, 0, 0, 0, 1, 1, 0x80000030)
                tree += struct.pack("<IIHHHHII", 0, 0, 0, 0, 0, 1, 1033, 0x48)
                tree += struct.pack("<IIII", address + unit_size, size, 0, 0)
                before = tree.ljust(unit_size, b"\0")
                directory = image.OPTIONAL_HEADER.DATA_DIRECTORY[2].get_file_offset()
                struct.pack_into("<II", head, directory, address, len(before) + size)
                start += len(before)
            body = struct.pack(
                "<8s6I2HI", b".more", size + len(before), address, size + len(before), end, 0, 0, 0, 0, 0x40000040
            )
            head[row + 40 : row + 80] = body
            struct.pack_into("<H", head, image.FILE_HEADER.get_file_offset() + 2, len(image.sections) + 1)
            top = address + size + len(before)
        struct.pack_into("<I", head, image.OPTIONAL_HEADER.get_file_offset() + 56, -(-top // page) * page)
        out.write(head[:end])
        out.write(before)
        out.writelines(filler(kind, size, seed))
        out.write(base[end:])
        return Padded(path, start, start + size)


def judged(made: Padded, base: bytes, place: str) -> tuple[bool, bool, bool, str]:
    """(found, exact, core right, what was said)."""
    out = made.path.with_suffix(".out")
    report = rorqual.scan(made.path, extract=out)
    verdicts = [one.body for one in report.verdicts if getattr(one.body, "kind", "") == "padded"]
    fillers = [one for one in report if isinstance(one.body, Filler)]
    exact = any(
        one.offset <= made.start <= one.offset + tail(made, one.offset)
        for one in fillers
        if one.offset + one.size == made.end
    )
    cores = [one.body for one in report if isinstance(one.body, Core)]
    right = False
    files = sorted(out.glob("*.core.*")) if out.exists() else []
    if cores and len(files) == 1:
        data = files[0].read_bytes()
        right = hashlib.sha256(data).hexdigest() == cores[0].sha256
        if place.startswith("end"):
            right = right and data == base
            right = right and (place == "end" or any(one.format == "zip" for one in cores[0].beside))
        else:
            right = right and same_image(made, data)
    for path in out.glob("*") if out.exists() else []:
        path.unlink()
    if out.exists():
        out.rmdir()
    said = "; ".join(one.summary for one in verdicts if hasattr(one, "summary"))
    told = [(hex(one.offset), hex(one.size), one.body.filler, one.body.where) for one in fillers][:4]  # type: ignore[attr-defined]  # Fillers
    return bool(verdicts), exact, right and report.complete, f"{said} {told} {report.faults}"


def tail(made: Padded, start: int) -> int:
    """How many bytes from `start` to the filler are its own continued backwards: nobody can tell those from it."""
    if not 0 <= made.start - start <= 4096:
        return 0
    with made.path.open("rb") as source:
        source.seek(start)
        before = source.read(made.start - start)
        first = source.read(1)
    return len(before) if before == first * len(before) else 0


def same_image(made: Padded, core: bytes) -> bool:
    """Whether the core maps as the whole does, but for the filler and the header fields that must change."""
    image = pefile.PE(data=core, fast_load=True)
    whole = pefile.PE(str(made.path), fast_load=True)
    if len(core) > made.path.stat().st_size - (made.end - made.start) + 2 * 65_536:
        return False
    with made.path.open("rb") as source:
        for section in whole.sections:
            source.seek(section.PointerToRawData)
            size = min(section.SizeOfRawData, made.start - section.PointerToRawData)
            if made.start < section.PointerToRawData:
                size = section.SizeOfRawData
            if size > 0 and image.get_data(section.VirtualAddress, size).ljust(size, b"\0") != source.read(size):
                return False
    whole.close()
    top = max(one.VirtualAddress + one.Misc_VirtualSize for one in image.sections)
    return bool(top <= image.OPTIONAL_HEADER.SizeOfImage and len(image.sections) <= 96)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.padded", description=__doc__.partition("\n")[0])
    parser.add_argument("bases", type=Path)
    parser.add_argument("work", type=Path, help="a folder for one file at a time")
    parser.add_argument("--honest", type=Path, nargs="*", default=[], help="files and folders without filler")
    parser.add_argument("--least", type=int, default=10, help="MiB of an honest file (%(default)s)")
    parser.add_argument("--sizes", type=int, nargs="*", default=[100], help="MiB of filler (%(default)s)")
    parser.add_argument("--number", type=int, default=10, help="of bases (%(default)s)")
    parser.add_argument("--kinds", nargs="*", default=KINDS)
    parser.add_argument("--places", nargs="*", default=PLACES)
    arguments = parser.parse_args()
    arguments.work.mkdir(exist_ok=True)
    path = arguments.work / f"padded-{os.getpid()}.exe"
    chosen = list(bases(arguments.bases, arguments.number)) if arguments.kinds and arguments.number else []
    wrong = 0
    sets = itertools.product(arguments.places, arguments.kinds, arguments.sizes)
    for place, kind, mib in sets if chosen else ():
        counts, began = [0, 0, 0, 0], time.perf_counter()
        for seed, (name, base) in enumerate(chosen):
            made = padded(base, kind, place, size=mib * MIB + 12_345, seed=seed, path=path)
            if made is None:
                continue
            found, exact, core, said = judged(made, base, place)
            counts = [counts[0] + 1, counts[1] + found, counts[2] + exact, counts[3] + core]
            if not (found and exact and core):
                wrong += 1
                print(f"  {name}: {kind} {place} [{made.start:#x}, {made.end:#x}): {found=} {exact=} {core=} {said}")
        path.unlink(missing_ok=True)
        seconds = time.perf_counter() - began
        print(
            f"{place:12} {kind:7} {mib:4} MiB: {counts[0]} made, {counts[1]} found, {counts[2]} exact, "
            f"{counts[3]} cores right, {seconds:.0f} s",
            flush=True,
        )
    honest = called = 0
    for one in (file for root in arguments.honest for file in ([root] if root.is_file() else sorted(root.rglob("*")))):
        if one.is_file() and one.stat().st_size >= arguments.least * MIB:
            honest += 1
            for verdict in rorqual.scan(one).verdicts:
                if getattr(verdict.body, "kind", "") == "padded":
                    called += 1
                    print(f"  honest {one}: {getattr(verdict.body, 'summary', '')}")
    print(f"honest: {honest} files, {called} called padded")
    return bool(wrong or called)


if __name__ == "__main__":
    sys.exit(main())
