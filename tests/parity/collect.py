"""Fetches real executables from the package registries: PE, ELF and Mach-O files, chosen by what they contain.

    python -m tests.parity.collect --to DIR

packages.csv names the packages: client (pip, npm, deb, or made: built from what was fetched before), name, version,
target (pip: platform and Python), most (of each format, drawn by digest; 60 if empty), purpose. Debian keeps no old
versions, so those have none. DIR then holds <format>/<package>/<sha8>-<name>, large/<package>/ for files beyond
100 MiB, manifest.csv, and large.csv with its rows of honest files that are large or packed. A second run fetches only
what is missing. Wants `apt-get update` before; makensis, 7z, upx and PyInstaller for what is made, skipped without.
"""

import argparse
import csv
import hashlib
import importlib
import itertools
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

LIST = Path(__file__).with_name("packages.csv")
LARGE, ALONE = 10**7, 100 << 20  # listed in large.csv; kept in large/
MOST, HEAD, PATIENCE = 60, 1 << 16, 1200  # files of a package; bytes to tell by; seconds for one command
GLIBC = ("_2_34", "_2_31", "_2_28", "_2_27", "_2_24", "_2_17", "2014", "_2_12", "_2_5")  # pip takes none for another
PE_MACHINES = {0x14C: "I386", 0x8664: "AMD64", 0xAA64: "ARM64", 0x1C4: "ARMNT", 0x1C0: "ARM", 0xEBC: "EBC"}
ELF_NAMES = """2 SPARC 3 386 4 68K 8 MIPS 15 PARISC 18 SPARC32PLUS 20 PPC 21 PPC64 22 S390 40 ARM 42 SH 43 SPARCV9
    50 IA_64 62 X86_64 83 AVR 93 ARC_COMPACT 183 AARCH64 195 ARC_COMPACT2 243 RISCV 247 BPF 258 LOONGARCH 36902 ALPHA"""
ELF_MACHINES = dict(zip(map(int, ELF_NAMES.split()[::2]), ELF_NAMES.split()[1::2], strict=True))
CPUS = {7: "i386", 12: "arm", 18: "ppc", 0x1000007: "x86_64", 0x100000C: "arm64", 0x200000C: "arm64_32"}
LITTLE, BIG = (b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe"), (b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf")  # Mach-O
FAT = {b"\xca\xfe\xba\xbe": 20, b"\xca\xfe\xba\xbf": 32}  # the size of a row


class NotHad(Exception):
    """The package cannot be had, or a tool for it is missing."""


class Package(NamedTuple):
    client: str
    name: str
    version: str
    target: str
    most: str
    purpose: str

    @property
    def label(self) -> str:
        parts = ("made" if self.client == "made" else "", self.name, self.version, *self.target.split())
        return "-".join(re.sub(r"[^\w.+-]+", "_", part).strip("_") for part in parts if part)


class Entry(NamedTuple):
    path: str
    format: str
    machine: str
    size: int
    sha256: str
    package: str


def identify(head: bytes) -> tuple[str, str] | None:
    magic, at = head[:4], int.from_bytes(head[0x3C:0x40], "little")
    if magic[:2] == b"MZ" and head[at : at + 4] == b"PE\0\0":
        machine = int.from_bytes(head[at + 4 : at + 6], "little")
        return "pe", PE_MACHINES.get(machine, hex(machine))
    if magic == b"\x7fELF" and len(head) >= 52 and head[4] in (1, 2) and head[5] in (1, 2):
        machine = int.from_bytes(head[18:20], "little" if head[5] == 1 else "big")
        return "elf", f"{ELF_MACHINES.get(machine, hex(machine))}-{32 * head[4]}{'le' if head[5] == 1 else 'be'}"
    if magic in LITTLE + BIG and len(head) >= 28:
        cpu = int.from_bytes(head[4:8], "little" if magic in LITTLE else "big")
        return "macho", CPUS.get(cpu, hex(cpu))
    if magic in FAT and 0 < int.from_bytes(head[4:8], "big") < 20:  # a Java class has its version there, 45 or more
        cpus = [int.from_bytes(head[at : at + 4], "big") for at in range(8, 8 + FAT[magic] * head[7], FAT[magic])]
        return "macho", "+".join(CPUS.get(cpu, hex(cpu)) for cpu in cpus)
    return None


def run(*command: str | Path, folder: Path) -> None:
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, timeout=PATIENCE, check=False)
    except (FileNotFoundError, subprocess.TimeoutExpired) as error:
        raise NotHad(str(error)) from None
    if done.returncode:
        said = (done.stderr or done.stdout).decode(errors="replace").splitlines()
        raise NotHad(([line for line in said if "ERR" in line.upper()] or said or [f"{command[0]} failed"])[0][:200])


def fetch(package: Package, folder: Path) -> None:
    if package.client == "npm":
        run("npm", "pack", "--silent", f"{package.name}@{package.version}", folder=folder)
    elif package.client == "deb":
        run("apt-get", "download", "-qq", package.name, folder=folder)
    else:
        platform, _, python = package.target.partition(" ")
        name, _, machine = platform.partition("_")
        platforms = [f"manylinux{glibc}_{machine}" for glibc in GLIBC] if name == "manylinux" else [platform]
        chosen = [part for one in platforms for part in ("--platform", one)] + ["--python-version", python or "3.11"]
        pip = (sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:")
        run(*pip, *chosen, f"{package.name}=={package.version}", folder=folder)


def _launcher(out: Path, stub: Path, payload: list[Path], _: int) -> None:
    out.write_bytes(stub.read_bytes() + b"#!python.exe\r\n")
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for path in payload:
            archive.writestr(zipfile.ZipInfo(path.name), path.read_bytes(), zipfile.ZIP_DEFLATED)


def _pyinstaller(out: Path, stub: Path, payload: list[Path], _: int) -> None:
    archive, entries = out.with_suffix(".pkg"), [(path.name, str(path), True, "b") for path in payload]
    importlib.import_module("PyInstaller.archive.writers").CArchiveWriter(str(archive), entries, "python311.dll")
    out.write_bytes(stub.read_bytes() + archive.read_bytes())


def _nsis(out: Path, _: Path, payload: list[Path], number: int) -> None:
    way, target = ("zlib", "/SOLID lzma", "/SOLID bzip2")[number % 3], ("x86-unicode", "x86-ansi")[number % 2]
    files = "".join(f'File "{path}"\n' for path in payload)
    script = f'Target {target}\nSetCompressor {way}\nSetDateSave off\nName "Made {number}"\nOutFile "{out}"\n'
    out.with_suffix(".nsi").write_text(f"{script}Section\nSetOutPath $TEMP\n{files}SectionEnd\n")
    run("makensis", "-V1", out.with_suffix(".nsi"), folder=out.parent)


def _7z(out: Path, stub: Path, payload: list[Path], _: int) -> None:
    archive = out.with_suffix(".7z")
    run("7z", "a", "-mx=1", "-mmt=1", "-mtm=off", archive, *payload, folder=out.parent)
    out.write_bytes(stub.read_bytes() + archive.read_bytes())


def _upx(out: Path, stub: Path, _: list[Path], number: int) -> None:
    run("upx", "-q", "-3", *(["--lzma"] if number % 2 else []), "-o", out, stub, folder=out.parent)


Maker = Callable[[Path, Path, list[Path], int], None]
MAKERS: dict[str, tuple[Maker, str]] = {  # and which of the files fetched before it builds on
    "launcher": (_launcher, r"^pe/(setuptools|distlib|pip)-[^/]+/\w+-(t|w|cli|gui)[\w-]*\.exe$"),
    "pyinstaller": (_pyinstaller, r"^pe/pyinstaller-[^/]+/\w+-runw?\.exe$"),
    "nsis": (_nsis, r"^pe/"),
    "7z": (_7z, r"\.sfx$"),
    "upx": (_upx, r"^(pe|elf|macho)/"),
}


def build(package: Package, folder: Path, had: list[Entry], to: Path) -> None:
    """Builds so many files from those that were fetched, in an order that only their digests set."""
    maker, pattern = MAKERS[package.name]
    drawn = sorted((entry for entry in had if 20_000 < entry.size < 6 * 10**6), key=lambda entry: entry.sha256)
    stubs = [to / entry.path for entry in (drawn if maker is _upx else had) if re.search(pattern, entry.path)]
    parts = itertools.cycle(to / entry.path for entry in drawn)
    made, limit, failed = 0, int(package.most or MOST), "nothing to build on"
    for number in range(len(stubs) if maker is _upx else limit if stubs and drawn else 0):
        payload = [next(parts)]
        while sum(path.stat().st_size for path in payload) < (1, 4, 16)[number % 3] * 10**6:
            payload.append(next(parts))
        stub = stubs[number % len(stubs)]
        out = folder / f"{number:02}-{'setup.exe' if maker is _nsis else stub.name[9:]}"
        try:
            maker(out, stub, payload, number)
        except (NotHad, ImportError) as error:  # upx declines many
            failed = str(error)
            continue
        if (made := made + 1) == limit:
            return
    if not made:
        raise NotHad(failed)


def unpack(package: Package, folder: Path, to: Path) -> list[Entry]:
    """Puts the executables among the folder's files, and in its archives, in place and tells of each."""
    for archive in sorted(folder.iterdir()):
        inside = folder / f"{archive.name}.unpacked"
        if archive.suffix == ".whl":
            shutil.unpack_archive(archive, inside, "zip")
        elif archive.suffix == ".tgz":
            shutil.unpack_archive(archive, inside, "gztar", filter="data")
        elif archive.suffix == ".deb":
            run("dpkg-deb", "--extract", archive, inside, folder=folder)
    found: dict[str, Entry] = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()):
        with path.open("rb") as file:
            said = identify(file.read(HEAD))
            file.seek(0)
            key = hashlib.file_digest(file, "sha256").hexdigest() if said else ""
        if said and key not in found:
            place = f"{said[0] if path.stat().st_size < ALONE else 'large'}/{package.label}"
            name = f"{key[:8]}-{re.sub(r'[^A-Za-z0-9._+-]', '_', path.name)[-80:]}"
            found[key] = Entry(f"{place}/{name}", *said, path.stat().st_size, key, package.label)
            (to / place).mkdir(parents=True, exist_ok=True)
            path.chmod(0o644)  # nobody is to run it
            path.replace(to / place / name)
    for form in ("pe", "elf", "macho"):
        for key in sorted(key for key in found if found[key].format == form)[int(package.most or MOST) :]:
            (to / found.pop(key).path).unlink()
    return [found[key] for key in sorted(found)]


def write(path: Path, entries: list[Entry]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([Entry._fields, *entries])


def had(package: Package, to: Path, entries: dict[str, Entry]) -> list[Entry]:
    """The package's files: of an earlier run if all still lie there, or are another package's, else fetched."""
    record = to / ".done" / f"{hashlib.sha256(repr(package).encode()).hexdigest()[:16]}.csv"
    if record.exists():
        rows = list(csv.reader(record.read_text(encoding="utf-8").splitlines()))[1:]
        files = [Entry(path, form, machine, int(size), *rest) for path, form, machine, size, *rest in rows]
        if all(file.sha256 in entries or (to / file.path).exists() for file in files):
            return files
    with tempfile.TemporaryDirectory(prefix=".", dir=to) as name:
        folder = Path(name)
        fetch(package, folder) if package.client != "made" else build(package, folder, list(entries.values()), to)
        files = unpack(package, folder, to)
    write(record, files)
    return files


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--to", type=Path, required=True, help="the folder")
    to: Path = parser.parse_args().to.resolve()
    (to / ".done").mkdir(parents=True, exist_ok=True)
    entries, missed = dict[str, Entry](), list[str]()
    packages = [Package(*row) for row in list(csv.reader(LIST.read_text(encoding="utf-8").splitlines()))[1:]]
    for package in packages:
        try:
            files = had(package, to, entries)
        except (NotHad, shutil.ReadError, tarfile.TarError) as error:
            missed.append(f"{package.client} {package.label}: {error}")
            continue
        for entry in files:
            if entries.setdefault(entry.sha256, entry).path != entry.path:
                (to / entry.path).unlink(missing_ok=True)
        print(f"{package.client} {package.label}: {len(files)} files, {len(entries)} in all", file=sys.stderr)
    write(to / "manifest.csv", list(entries.values()))
    large = [entry for entry in entries.values() if entry.size >= LARGE or entry.package.startswith("made-")]
    write(to / "large.csv", large)
    print(f"{len(entries)} files, {len(large)} of them large or packed")
    print(f"{len(missed)} of {len(packages)} packages not had", *missed, sep="\n  ")


if __name__ == "__main__":
    main()
