"""Writes docs/parity.md: what a run compared, and every known difference with its reason and how often it was met."""

from collections.abc import Iterator

from tests.parity.reasons import REASONS
from tests.parity.runner import Outcome

NAMES = {"pe": "PE images", "elf": "ELF files", "macho": "Mach-O files"}
HEAD = """# Parity

Every field that another parser also tells is compared with it, on real executables fetched from public package
registries: PE images with pefile and LIEF, ELF files with LIEF and GNU readelf, Mach-O files with LIEF. A difference is
a failure unless one of the reasons below explains it; each has a condition that is checked on the file at hand, in
[pe_reasons.py](../tests/parity/pe_reasons.py), [elf_reasons.py](../tests/parity/elf_reasons.py) and
[macho_reasons.py](../tests/parity/macho_reasons.py).

```sh
make parity
make parity PARITY=/data/executables
```

The first fetches what is missing into `build/parity` and compares, the second does so elsewhere. This page is written
anew by `python -m tests.parity FOLDER --write docs/parity.md`. `tests/parity/test_parity.py` compares the few
executables that lie around in any Python environment, at each run of the tests.
"""


def page(total: Outcome) -> str:
    """The page."""
    return "\n".join([HEAD, *_compared(total), *_explained(total), *_left_out(total)])


def _compared(total: Outcome) -> Iterator[str]:
    yield "## What was compared\n"
    for kind, count in total.files.items():
        peers = sorted({peer for one, peer, _ in total.compared if one == kind and peer != "rorqual"})
        topics = sorted({topic for one, _, topic in total.compared if one == kind})
        yield f"{count:,} {NAMES[kind]}; values compared:\n"
        yield f"| topic | {' | '.join(peers)} |\n|---|{'---:|' * len(peers)}"
        for topic in topics:
            cells = [f"{total.compared[kind, peer, topic]:,}" for peer in peers]
            yield f"| {topic.replace('_', ' ')} | {' | '.join(cell if cell != '0' else '' for cell in cells)} |"
        yield ""
    yield f"{total.compared.total():,} comparisons, {total.failures:,} differences without a reason.\n"


def _explained(total: Outcome) -> Iterator[str]:
    yield "## Known differences\n\nWhere a reason was met in no file of the run, a test or another corpus has it.\n"
    for kind, reasons in REASONS.items():
        if not reasons:
            continue
        yield f"### {NAMES[kind]}\n\n| peer | why it differs | times |\n|---|---|---:|"
        for reason in reasons:
            for peer in reason.peers.split():
                yield f"| {peer} | {reason.text} | {total.explained[peer, reason.text]:,} |"
        yield ""


def _left_out(total: Outcome) -> Iterator[str]:
    yield "## What was not compared\n\nSome peers are too slow, or take too much memory, for large files:\n"
    yield "| what | files or parts |\n|---|---:|"
    for text, count in sorted(total.skipped.items()):
        yield f"| {text} | {count:,} |"
    yield ""
