"""What Rorqual says equals what pefile, LIEF and readelf say, or the difference has its reason: on executables that
lie around wherever this runs, and on built ones. `make parity` does the same with thousands that are fetched."""

import importlib.util
import sys
import sysconfig
from pathlib import Path

import pytest

from tests.builders.pe import Image, build

pytest.importorskip("pefile")
pytest.importorskip("lief")

from tests.parity.case import kind_of  # needs both, as the next do
from tests.parity.reasons import REASONS
from tests.parity.runner import compare

LEAST_PE, LEAST_ELF = 6, 10  # pip alone brings six launchers
MOST_ELF, LARGEST = 24, 8 << 20  # files; bytes of one


def launchers() -> list[Path]:
    """PE images that pip, setuptools and distlib carry."""
    found: list[Path] = []
    for package in ("pip", "setuptools", "distlib"):
        spec = importlib.util.find_spec(package)
        if spec is not None and spec.origin is not None:
            found += sorted(Path(spec.origin).parent.rglob("*.exe"))
    return found


def libraries() -> list[Path]:
    """The interpreter and its extension modules, those of installed packages behind them."""
    paths = sysconfig.get_paths()
    found = [Path(sys.executable).resolve()]
    for folder in (sysconfig.get_config_var("DESTSHARED"), paths["platlib"]):
        found += sorted(Path(folder).rglob("*.so")) if folder else []
    return [path for path in found if path.stat().st_size <= LARGEST and kind_of(_head(path)) == "elf"][:MOST_ELF]


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(1 << 12)


def test_launchers_of_installed_packages() -> None:
    paths = launchers()
    assert len(paths) >= LEAST_PE, "the launchers that pip carries are missing"
    for path in paths:
        outcome = compare(path)
        assert outcome.files == {"pe": 1}
        assert outcome.compared.total() > 500
        assert outcome.unexplained == []


@pytest.mark.skipif(sys.platform != "linux", reason="other systems' executables are not ELF files")
def test_extension_modules_of_this_interpreter() -> None:
    paths = libraries()
    assert len(paths) >= LEAST_ELF, "the interpreter has no extension modules"
    for path in paths:
        outcome = compare(path)
        assert outcome.files == {"elf": 1}
        assert outcome.compared.total() > 100
        assert outcome.unexplained == []


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
def test_built_images(image: Image, tmp_path: Path) -> None:
    path = tmp_path / "image.exe"
    path.write_bytes(build(image))
    outcome = compare(path)
    assert outcome.unexplained == []
    assert outcome.files == {"pe": 1}


def test_a_difference_without_a_reason_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "image.exe"
    path.write_bytes(build(Image(sections=())))
    monkeypatch.setattr("tests.parity.reasons.REASONS", dict.fromkeys(REASONS, ()))
    outcome = compare(path)
    assert outcome.failures == len(outcome.unexplained) == 3
    assert {(peer, field) for _, peer, field, _, _ in outcome.unexplained} == {
        ("pefile", "overlay.offset"),
        ("lief", "overlay.span"),
        ("lief", "checksum.computed"),
    }


def test_each_reason_is_a_sentence_of_its_own() -> None:
    texts = [reason.text for reasons in REASONS.values() for reason in reasons]
    assert len(set(texts)) == len(texts)
    assert all(len(text.split()) > 5 and not text.endswith(".") for text in texts)


def test_the_page_has_each_reason() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "parity.md").read_text(encoding="utf-8")
    texts = {reason.text for reasons in REASONS.values() for reason in reasons}
    assert [text for text in texts if text not in page] == []
