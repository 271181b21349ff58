"""Makes the files that are measured, once, in a folder of their own.

    python -m bench.data [--data DIR] [--clean]

Real bytes come from the Windows wheel of tensorflow-intel 2.18.0, drawn by pip: a 1 GB DLL, megabytes of C++
headers and the wheel itself, a ZIP. What is larger is sparse between real parts.
"""

import argparse
import random
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "data"
WHEEL = "tensorflow_intel-2.18.0-*.whl"
MEMBER = "tensorflow/python/_pywrap_tensorflow_internal.pyd"
TORCH_WHEEL = "torch-2.4.1-*-win_amd64.whl"
TORCH_MEMBER = "torch/lib/torch_cpu.dll"
STEP = 8 << 20
MIB, MB, GB = 1 << 20, 10**6, 10**9
ENDS = 32 * MIB  # real bytes at both ends of a sparse file
TORCH = "torch_cpu.dll"
PE, TEXT, ARCHIVE, IMAGE = "pe-1g.pyd", "text-1g.txt", "archive-1g.zip", "image-20g.img"
NOISE, SMALL, MEDIUM = "random-512m.bin", "pe-1k.bin", "mixed-100m.bin"
SPARSE = {100 * MB: "sparse-100m.bin", 10 * GB: "sparse-10g.bin", 100 * GB: "sparse-100g.bin"}  # by size
MADE = (PE, TORCH, TEXT, ARCHIVE, IMAGE, NOISE, SMALL, MEDIUM, *SPARSE.values())


class Data:
    """The folder of measured files; each is made when it is first asked for."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def _made(self, name: str, write: Callable[[Path], object]) -> Path:
        """The file of that name, written aside and put in place whole."""
        path = self.folder / name
        if not path.exists():
            print(f"bench: makes {path}", file=sys.stderr)
            aside = path.with_name(name + ".part")
            write(aside)
            aside.replace(path)
        return path

    def wheel(self) -> Path:
        """The wheel of tensorflow-intel."""
        return self._wheel(WHEEL, "tensorflow-intel==2.18.0")

    def _wheel(self, name: str, requirement: str) -> Path:
        """A wheel for Windows, from wherever it lies below the folder, or from the package index."""
        if found := sorted(self.folder.rglob(name)):
            return found[0]
        print(f"bench: draws the wheel of {requirement} into {self.folder}", file=sys.stderr)
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
        target = ["--platform", "win_amd64", "--python-version", "3.11", requirement]
        subprocess.run([*pip, *target, "--dest", str(self.folder)], check=True)
        return next(self.folder.glob(name))

    def pe(self) -> Path:
        """A real PE of 1.03 GB."""
        return self._made(PE, lambda path: unpack(self.wheel(), MEMBER, path))

    def torch(self) -> Path:
        """A real PE of 200 to 300 MB with tens of thousands of exports."""
        wheel = self._wheel(TORCH_WHEEL, "torch==2.4.1")
        return self._made(TORCH, lambda path: unpack(wheel, TORCH_MEMBER, path))

    def text(self) -> Path:
        """1 GB of text: the wheel's headers and this Python's modules over and over, words exchanged."""

        def write(path: Path) -> None:
            with path.open("wb") as out:
                for text in varied(list(texts(self.wheel()))):
                    if out.write(text[: GB - out.tell()]) < len(text):
                        return

        return self._made(TEXT, write)

    def archive(self) -> Path:
        """A ZIP of 1 GB, its members stored and deflated in turns."""

        def write(path: Path) -> None:
            with zipfile.ZipFile(path, "w", compresslevel=1) as out:
                out.write(self.wheel(), "wheel.whl", zipfile.ZIP_STORED)
                with self.pe().open("rb") as pe, self.text().open("rb") as text:
                    number = 0
                    while path.stat().st_size < GB - 2 * STEP:
                        way = zipfile.ZIP_DEFLATED if number % 4 else zipfile.ZIP_STORED
                        source, kind = (text, "txt") if number % 2 else (pe, "bin")
                        out.writestr(f"part-{number:04}.{kind}", source.read(2 * STEP), way)
                        number += 1

        return self._made(ARCHIVE, write)

    def image(self) -> Path:
        """20 GB as a disk is: real files here and there, the last just before the end, holes between them."""

        def write(path: Path) -> None:
            size = 20 * GB
            with path.open("wb") as out:
                out.truncate(size)
                for at, source, skip, count in (
                    (0, self.small(), 0, 1024),
                    (1 * MIB, self.wheel(), 0, 390 * MB),
                    (5 * GB + 4096, self.pe(), 0, 1031 * MB),
                    (9 * GB + 512, self.text(), 0, 300 * MB),
                    (12 * GB, self.noise(), 0, 512 * MIB),
                    (15 * GB + 8192, self.archive(), 0, 1000 * MB),
                    (size - 200 * MB, self.text(), 500 * MB, 100 * MB),
                    (size - 64 * MB, self.pe(), 0, 60 * MB),
                ):
                    copy(source, out.fileno(), skip=skip, count=count, to=at)

        return self._made(IMAGE, write)

    def noise(self) -> Path:
        """512 MiB of random bytes, the same each time."""

        def write(path: Path) -> None:
            draw = random.Random(1)
            with path.open("wb") as out:
                for _ in range(512):
                    out.write(draw.randbytes(MIB))

        return self._made(NOISE, write)

    def small(self) -> Path:
        """1 KB: the first of the DLL."""
        return self._made(SMALL, lambda path: copy(self.pe(), path, skip=0, count=1024, to=0))

    def medium(self) -> Path:
        """100 MB: of the DLL, the wheel and the text."""

        def write(path: Path) -> None:
            copy(self.pe(), path, skip=0, count=60 * MB, to=0)
            copy(self.wheel(), path, skip=100 * MB, count=20 * MB, to=60 * MB)
            copy(self.text(), path, skip=0, count=20 * MB, to=80 * MB)

        return self._made(MEDIUM, write)

    def sparse(self, size: int) -> Path:
        """A hole with real bytes at both ends; `size` is one of SPARSE."""

        def write(path: Path) -> None:
            path.touch()
            with path.open("r+b") as out:
                out.truncate(size)
            copy(self.pe(), path, skip=0, count=ENDS, to=0)
            copy(self.wheel(), path, skip=0, count=ENDS, to=size - ENDS)

        return self._made(SPARSE[size], write)

    def clean(self) -> None:
        """Removes what was made; what was drawn, or put there by others, only from the default folder."""
        for name in MADE:
            (self.folder / name).unlink(missing_ok=True)
            (self.folder / f"{name}.part").unlink(missing_ok=True)
        if self.folder == FOLDER:
            shutil.rmtree(FOLDER)


def unpack(wheel: Path, member: str, target: Path) -> None:
    """Writes a member of a wheel to `target`."""
    with zipfile.ZipFile(wheel) as opened, opened.open(member) as file, target.open("wb") as out:
        shutil.copyfileobj(file, out, STEP)


def copy(source: Path, target: Path | int, *, skip: int, count: int, to: int) -> None:
    """Copies `count` bytes of `source` from `skip` on into `target` at `to`, or as many as there are."""
    if isinstance(target, Path):
        target.touch()
    with source.open("rb") as file, open(target, "r+b", closefd=isinstance(target, Path)) as out:
        file.seek(skip)
        out.seek(to)
        while count and (piece := file.read(min(count, STEP))):
            out.write(piece)
            count -= len(piece)


def texts(wheel: Path) -> Iterator[bytes]:
    """Headers of the wheel, modules of this Python."""
    with zipfile.ZipFile(wheel) as opened:
        for name in opened.namelist():
            if name.endswith((".h", ".py", ".proto", ".hpp", ".md")):
                yield opened.read(name)
    for path in sorted(Path(random.__file__).parent.rglob("*.py")):
        yield path.read_bytes()


def varied(pieces: list[bytes]) -> Iterator[bytes]:
    """The pieces without end, in another order and with other words each round."""
    draw = random.Random(3)
    common = (b"return", b"const", b"self", b"import", b"the ", b"string", b"value", b"tensor", b"size")
    while True:
        word, letters = draw.choice(common), bytes(draw.choices(b"abcdefghijklmnopqrstuvwxyz", k=7))
        for piece in draw.sample(pieces, len(pieces)):
            yield piece.replace(word, letters)


def read_through(path: Path) -> None:
    """Brings a file into the page cache, as far as it fits."""
    block = bytearray(STEP)
    with path.open("rb", buffering=0) as file:
        while file.readinto(block):
            pass


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, default=FOLDER, help="the folder; default: %(default)s")
    parser.add_argument("--clean", action="store_true", help="remove what was made")
    arguments = parser.parse_args()
    data = Data(arguments.data)
    if arguments.clean:
        data.clean()
        return
    for path in (
        data.pe(),
        data.torch(),
        data.text(),
        data.archive(),
        data.noise(),
        data.image(),
        data.small(),
        data.medium(),
    ):
        print(path)
    for size in SPARSE:
        print(data.sparse(size))


if __name__ == "__main__":
    main()
