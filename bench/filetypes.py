"""Accuracy and time of the type probe beside libmagic's `file`, puremagic and filetype, over a folder of
labelled files.

    python bench/filetypes.py FOLDER [--list] [--limit N]

A file's label is its extension; EXPECTED says which format ids are right for it (an .h is C or C++, an .img
anything that a disk holds). Other tools answer with MIME types: right is what the table of formats or
ALIASES gives for those ids. --list prints each class of disagreement.
"""

import argparse
import collections
import importlib
import importlib.util
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from rorqual.analyzers.folds.text import TextFold
from rorqual.analyzers.formats.type import FileTypeProbe
from rorqual.analyzers.judges.type import TypeJudge
from rorqual.findings.formats import all_formats
from rorqual.sdk import FileType, Finding, Fuel, Hit, Kind, View, Window

# Ids by extension where they are not the one whose row has that extension.
EXPECTED = {
    "mod": "", "1": "troff elf",
    "a": "ar ldscript", "bin": "data bootsector linux fat mbr text pe elf gzip uimage", "c": "c cpp",
    "h": "c cpp", "cpp": "cpp c",
    "crt": "pem der", "cer": "pem der", "dat": "data text matlab csv", "db": "sqlite bdb gdbm", "dll": "pe",
    "efi": "pe",
    "elf": "elf", "exe": "pe mz ne", "gz": "gzip", "img": "fat mbr ext iso bootsector linux data gpt",
    "iso": "iso",
    "js": "javascript nodejs typescript", "jpg": "jpeg", "md": "markdown", "msg": "msg text tcl data",
    "mp3": "mp3",
    "npz": "npz", "ogg": "ogg vorbis opus oggflac", "pl": "perl", "pgm": "pgm", "ps": "postscript",
    "py": "python",
    "pyc": "pyc", "pyd": "pe", "sh": "shell", "so": "elf ldscript", "tif": "tiff",
    "ts": "typescript javascript",
    "ttf": "ttf otf", "txt": "text ini", "xml": "xml svg rss xslt atom xhtml plist kml", "yml": "yaml",
    "tex": "tex",
    "html": "html xhtml", "json": "json geojson ipynb jsonl sourcemap gltf", "csv": "csv tsv", "svg": "svg",
    "wasm": "wasm",
    "tcl": "tcl", "pfb": "pfb cff", "ini": "ini toml", "rst": "rst", "otf": "otf", "h5": "hdf5",
    "ico": "ico", "deb": "deb", "zip": "zip npz", "bz2": "bzip2",
    "pem": "pem", "mo": "mo", "pnm": "pnm pgm ppm pbm", "woff": "woff", "s": "asm", "o": "elf coff",
    "sys": "pe",
    "iso.gz": "gzip", "rom": "data", "com": "data mz", "dcm": "dicom", "mkv": "matroska webm", "wad": "wad",
    "nes": "nes",
}  # fmt: skip
ALIASES = {
    "pe": "application/x-dosexec application/x-msdownload application/x-msdos-program",
    "gzip": "application/x-gzip",
    "elf": "application/x-sharedlib application/x-pie-executable application/x-object application/x-coredump",
    "deb": "application/x-debian-package application/x-deb application/vnd.debian.binary-package",
    "python": "text/x-script.python application/x-python", "shell": "text/x-shellscript text/x-sh",
    "javascript": "application/javascript", "typescript": "application/typescript video/mp2t",
    "xml": "text/xml", "svg": "image/svg", "ico": "image/x-icon", "wav": "audio/x-wav audio/wav",
    "bmp": "image/x-ms-bmp image/x-bmp",
    "ttf": "application/x-font-ttf application/font-sfnt font/sfnt application/x-font-truetype",
    "otf": "application/vnd.ms-opentype application/font-sfnt application/x-font-otf",
    "zip": "application/x-zip-compressed",
    "woff": "application/font-woff", "woff2": "application/font-woff", "bzip2": "application/x-bzip",
    "hdf5": "application/x-hdf",
    "pem": "text/plain", "ar": "application/x-unix-archive application/x-ar", "perl": "application/x-perl",
    "pyc": "application/x-bytecode.python", "mo": "application/x-gettext-translation",
    "npz": "application/zip",
    "whl": "application/zip", "jar": "application/zip", "sqlite": "application/x-sqlite3",
    "ogg": "audio/ogg video/ogg",
    "icc": "application/vnd.iccprofile", "c": "text/x-c++", "pfb": "application/octet-stream",
    "text": "text/plain",
    "markdown": "text/plain", "rst": "text/plain", "css": "text/plain", "csv": "text/plain application/csv",
    "toml": "text/plain", "yaml": "text/plain", "tcl": "text/plain", "afm": "text/plain", "lua": "text/plain",
    "eot": "application/vnd.ms-fontobject", "der": "application/octet-stream application/x-x509-ca-cert",
    "mz": "application/x-dosexec", "iso": "application/x-iso9660-image", "npy": "application/octet-stream",
    "fat": "application/octet-stream", "bootsector": "application/octet-stream", "tex": "text/x-tex",
}  # fmt: skip


class Bytes:
    """A source in memory."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def read_at(self, offset: int, size: int, /) -> bytes:
        return self.data[offset : offset + size]

    def read_into(self, offset: int, buffer: memoryview, /) -> int:
        piece = self.data[offset : offset + len(buffer)]
        buffer[: len(piece)] = piece
        return len(piece)


def probe(data: bytes) -> Finding:
    """The one finding of the probe."""
    hit = Hit(View(Bytes(data), (), fuel=Fuel(1 << 22)), Kind("start"), "type")
    return next(finding for finding in FileTypeProbe().examine(hit) if isinstance(finding, Finding))


def judged(data: bytes) -> FileType:
    """The type as the report gives it."""
    fold = TextFold()
    fold.feed(Window(0, data))
    body = next(TypeJudge().weigh([*fold.finish(()), probe(data)], ())).body
    if not isinstance(body, FileType):
        raise TypeError(f"{type(body).__name__}: the judge gives a FileType")
    return body


def expected(extension: str) -> set[str]:
    """Ids that are right for a file of that extension."""
    if not extension:
        return set()
    if extension in EXPECTED:
        return set(EXPECTED[extension].split())
    return {row.name for row in all_formats().values() if row.extension == extension}


def mimes(ids: set[str]) -> set[str]:
    """MIME types that are right for these ids."""
    own = {row.mime for row in all_formats().values() if row.name in ids}
    return own | {mime for id in ids for mime in ALIASES.get(id, "").split()}


def with_file(paths: list[Path]) -> Iterator[str]:
    """`file --mime-type`, once for all paths."""
    listed = subprocess.run(
        ["file", "--brief", "--mime-type", "--no-pad", "--files-from", "-"],
        input="\n".join(map(str, paths)), capture_output=True, text=True, check=True,
    )  # fmt: skip
    yield from listed.stdout.splitlines()


def with_puremagic(paths: list[Path]) -> Iterator[str]:
    """puremagic.magic_file, its first answer."""
    library = importlib.import_module("puremagic")
    for path in paths:
        try:
            found = library.magic_string(path.read_bytes())
        except (library.PureError, ValueError):
            found = []
        yield found[0].mime_type if found else ""


def with_filetype(paths: list[Path]) -> Iterator[str]:
    """filetype.guess_mime."""
    library = importlib.import_module("filetype")
    for path in paths:
        yield library.guess_mime(str(path)) or ""


def installed(name: str) -> bool:
    """Whether the tool is there: a command or a module."""
    if name == "file":
        return shutil.which(name) is not None
    return importlib.util.find_spec(name) is not None


OTHERS: dict[str, Callable[[list[Path]], Iterator[str]]] = {
    "file": with_file,
    "puremagic": with_puremagic,
    "filetype": with_filetype,
}


def labelled(path: Path, limit: int) -> bool:
    """Whether the file counts: it has bytes, not too many, and a label."""
    if path.is_symlink() or not path.is_file() or path.name == "labels.csv":
        return False
    return 0 < path.stat().st_size <= limit and bool(expected(path.suffix[1:].lower()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--list", action="store_true", help="print each class of disagreement")
    parser.add_argument("--limit", type=int, default=1 << 24, help="leave out files above this size")
    options = parser.parse_args()
    paths = sorted(path for path in options.folder.rglob("*") if labelled(path, options.limit))
    print(f"{len(paths)} files of {len({path.suffix for path in paths})} extensions under {options.folder}")
    answers: list[FileType] = []
    probing = whole = 0.0
    for path in paths:
        data = path.read_bytes()
        started = time.perf_counter()
        probe(data)
        middle = time.perf_counter()
        answers.append(judged(data))
        probing, whole = probing + middle - started, whole + time.perf_counter() - middle
    right = [answer.format in expected(path.suffix[1:].lower()) for path, answer in zip(paths, answers, strict=True)]
    print(
        f"{'rorqual':10} {sum(right) / len(paths):7.2%}  probe {probing / len(paths) * 1e3:.3f} ms a file",
        end="",
    )
    print(f", probe, fold and judge {whole / len(paths) * 1e3:.3f} ms")
    if options.list:
        wrong = collections.Counter(
            (path.suffix, answer.format) for path, answer, good in zip(paths, answers, right, strict=True) if not good
        )
        for (suffix, format), count in sorted(wrong.items()):
            names = [p.name for p, a in zip(paths, answers, strict=True) if (p.suffix, a.format) == (suffix, format)]
            print(f"    {suffix:8} called {format:12} {count:4}  {' '.join(names[:4])}")
    for name, run in OTHERS.items():
        if not installed(name):
            print(f"{name:10} not installed")
            continue
        started = time.perf_counter()
        theirs = list(run(paths))
        spent = time.perf_counter() - started
        good = [mime in mimes(expected(path.suffix[1:].lower())) for path, mime in zip(paths, theirs, strict=True)]
        print(f"{name:10} {sum(good) / len(paths):7.2%}  {spent / len(paths) * 1e3:.3f} ms a file")
        if options.list and name == "file":
            pairs = collections.Counter(
                (answer.format, mime)
                for path, answer, mime in zip(paths, answers, theirs, strict=True)
                if mime not in mimes({answer.format})
            )
            for (format, mime), count in sorted(pairs.items()):
                print(f"    rorqual {format:12} file {mime:44} {count:4}")


if __name__ == "__main__":
    main()
