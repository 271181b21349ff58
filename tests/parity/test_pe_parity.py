"""What the PE probe says equals what pefile and LIEF say, on real images.

Those are what pip and setuptools carry, and all in the folder that RORQUAL_PARITY names.
"""

import importlib.util
import os
from pathlib import Path

import pytest

from rorqual.analyzers.formats.pe.headers import likelihood
from tests.builders.pe import Image, build
from tests.builders.probing import view_of

pytest.importorskip("pefile")
pytest.importorskip("lief")

from tests.parity.pe_peers import differences  # needs both


def _images() -> list[Path]:
    """The launchers of installed packages and the folder's files, as far as they are PE images."""
    found: list[Path] = []
    for package in ("pip", "setuptools", "distlib"):
        spec = importlib.util.find_spec(package)
        if spec is not None and spec.origin is not None:
            found += sorted(Path(spec.origin).parent.rglob("*.exe"))
    folder = os.environ.get("RORQUAL_PARITY")
    if folder:
        found += sorted(path for path in Path(folder).rglob("*") if path.is_file())
    return [path for path in found if _is_image(path)]


def _is_image(path: Path) -> bool:
    with path.open("rb") as file:
        return likelihood(view_of(file.read(1 << 16))) > 0


@pytest.mark.parametrize("path", _images(), ids=lambda path: path.name)
def test_real_image(path: Path) -> None:
    assert list(differences(path)) == []


@pytest.mark.parametrize(
    "image",
    [
        Image(),
        Image(plus=True, dll=True, overlay=b"payload" * 100),
        Image(certificate=b"signature"),
        Image(overlay=b"data", certificate=b"signature"),
        Image(symbols=bytes(36), strings=b".debug_info\0"),
        Image(sections=()),
        Image(file_alignment=0x20, section_alignment=0x20),
    ],
    ids=["plain", "overlay", "certificate", "both", "symbols", "empty", "flat"],
)
def test_built_image(image: Image, tmp_path: Path) -> None:
    path = tmp_path / "image.exe"
    path.write_bytes(build(image))
    assert list(differences(path)) == []
