"""Files that are several things, and files that only look so: which formats the verdicts name.

    python -m bench.polyglots LABELLED [--clean FOLDER] [--list]

LABELLED has labels.csv (file, formats joined by +, valid_both) beside the files. A polyglot counts as named when one
verdict gives both formats; a decoy (valid_both 0) as mistaken when it is called a polyglot. FOLDER has ordinary
files, of which none should be called one.
"""

import argparse
import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import rorqual
from rorqual.findings.bodies import Verdict

IDS = {  # of the labels, which name extensions and tools' words
    "dcm": "dicom",
    "ebml": "matroska",
    "exe": "pe",
    "flac": "flac",
    "gz": "gzip",
    "id3v2": "mp3",
    "jpg": "jpeg",
    "ps": "postscript",
    "riff": "wav",
    "tif": "tiff",
    "zst": "zstd",
    "java": "class",
}
SEVERAL = ("polyglot", "near-polyglot", "appended", "self-extracting", "embedded")


class Case(NamedTuple):
    """A labelled file and what was said of it."""

    file: str
    formats: frozenset[str]
    valid: bool
    technique: str
    verdicts: tuple[Verdict, ...]

    @property
    def named(self) -> bool:
        return any(self.formats <= set(one.formats) for one in self.verdicts)

    @property
    def called(self) -> bool:
        return any(one.kind == "polyglot" for one in self.verdicts)


def labelled(folder: Path) -> Iterator[Case]:
    """Scans all that labels.csv names."""
    with (folder / "labels.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            names = (name.lower() for name in row["formats"].split("+") if name)
            formats = frozenset(IDS.get(name, name) for name in names)
            verdicts = tuple(said(folder / row["file"]))
            yield Case(row["file"], formats, row["valid_both"] == "1", row["technique"], verdicts)


def said(path: Path) -> Iterator[Verdict]:
    """The verdicts on the file itself."""
    with rorqual.scan(path) as report:
        for finding in report.verdicts:
            if not finding.place and isinstance(finding.body, Verdict) and finding.body.kind in SEVERAL:
                yield finding.body


def main() -> None:
    parser = argparse.ArgumentParser(description="Names both formats of polyglots, and calls no other file one.")
    parser.add_argument("labelled", type=Path)
    parser.add_argument("--clean", type=Path, help="a folder of ordinary files")
    parser.add_argument("--list", action="store_true", help="every miss and every mistake")
    options = parser.parse_args()
    cases = list(labelled(options.labelled))
    valid, decoys = [one for one in cases if one.valid], [one for one in cases if not one.valid]
    _share("polyglots with both formats named", sum(one.named for one in valid), len(valid))
    techniques = Counter(one.technique for one in valid)
    for technique, number in techniques.items():
        right = sum(one.technique == technique for one in valid if one.named)
        same = sum(
            any(said.technique == technique for said in one.verdicts) for one in valid if one.technique == technique
        )
        _share(f"  {technique}", right, number)
        _share("    and by that technique", same, number)
    _share("decoys called polyglot", sum(one.called for one in decoys), len(decoys))
    near = [one for one in decoys if one.technique == "near"]
    _share(
        "near ones called near-polyglot",
        sum("near-polyglot" in {v.kind for v in one.verdicts} for one in near),
        len(near),
    )
    if options.list:
        for one in (*(one for one in valid if not one.named), *(one for one in decoys if one.called)):
            print(one.file, *(f"{said.kind}: {'+'.join(said.formats)}" for said in one.verdicts), sep="  ")
    if options.clean is not None:
        paths = [path for path in sorted(options.clean.rglob("*")) if path.is_file() and path.name != "labels.csv"]
        told = [(path, tuple(said(path))) for path in paths]
        wrong = [path for path, verdicts in told if any(one.kind == "polyglot" for one in verdicts)]
        _share("ordinary files called polyglot", len(wrong), len(paths))
        kinds = Counter(one.kind for _, verdicts in told for one in verdicts)
        print("  verdicts on them:", dict(kinds))
        if options.list:
            for path, verdicts in told:
                for verdict in verdicts:
                    print(path, verdict.kind, "+".join(verdict.formats), verdict.summary, sep="  ")


def _share(what: str, number: int, of: int) -> None:
    print(f"{what}: {number} of {of}, {100 * number / of:.1f} %" if of else f"{what}: none there")


if __name__ == "__main__":
    main()
