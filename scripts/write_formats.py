"""Writes the page of formats anew, from what the modules of the probes say: `python -m scripts.write_formats`."""

import importlib
import inspect
from collections import defaultdict
from pathlib import Path

from rorqual.analyzers.catalog import ROOMS
from rorqual.analyzers.formats.gzip import Gzip
from rorqual.analyzers.later import Later
from rorqual.sdk import Analyzer

TARGET = Path(__file__).resolve().parents[1] / "docs" / "formats.md"
HEAD = """# Formats

<!-- Written by `python -m scripts.write_formats` from the modules' own words. Do not edit. -->

What is recognised by structure, anywhere in a source and at any depth. Each analyzer claims the exact extent of
what it proves, tells the facts of it, and hands on what is inside. The types that are told from a file's first bytes
alone are more: see `findings/formats.csv`.
"""


def text() -> str:
    """The page."""
    rooms: dict[str, dict[str, tuple[str, list[str]]]] = defaultdict(dict)
    streams = importlib.import_module("rorqual.analyzers.formats.streams")
    for room in ROOMS:
        listed: list[Analyzer] = list(room.probes())
        for probe in [*listed, *([Gzip()] if room is streams else [])]:
            loaded = probe.loaded() if isinstance(probe, Later) else probe
            module = inspect.getmodule(type(loaded))
            said = (inspect.getdoc(module) or "").partition("\n\n")[0].replace("\n", " ")
            entry = rooms[(inspect.getdoc(room) or "").partition("\n")[0]].setdefault(
                type(loaded).__module__, (said, [])
            )
            entry[1].append(probe.name)
    parts = [HEAD]
    for title, modules in sorted(rooms.items()):
        rows = sorted((", ".join(f"`{name}`" for name in names), said) for said, names in modules.values())
        parts.append(f"\n## {title.rstrip('.')}\n\n| analyzer | what it reads |\n|---|---|\n")
        parts += [f"| {names} | {said.replace('|', chr(92) + '|')} |\n" for names, said in rows]
    return "".join(parts)


if __name__ == "__main__":
    TARGET.write_text(text(), encoding="utf-8")
    print(f"{TARGET.name}: {TARGET.stat().st_size} bytes")
