"""The kept results: bench/results.json, by bench, with the machine each was taken on."""

import json
import os
import platform
from datetime import UTC, datetime
from pathlib import Path

from bench.rows import Row
from rorqual.findings.record import Json

FILE = Path(__file__).with_name("results.json")

Kept = dict[str, dict[str, Json]]  # by bench: "machine" and "rows"


def load() -> Kept:
    """What was kept so far."""
    kept: Kept = json.loads(FILE.read_text()) if FILE.exists() else {}
    return kept


def save(taken: dict[str, list[Row]]) -> None:
    """Puts the rows of each bench in place of those before, but for what was not measured this time."""
    kept = load()
    for bench, rows in taken.items():
        fresh = {row.what: row.to_dict() for row in rows}
        for row in _rows(kept.get(bench, {})):
            what = str(row["what"])
            if what in fresh and fresh[what]["measured"] is None:
                fresh[what] = row
        kept[bench] = {"machine": machine(), "rows": list(fresh.values())}
    FILE.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n")


def rows_of(kept: Kept, bench: str) -> list[Row]:
    """The kept rows of one bench."""
    taken = []
    for row in _rows(kept.get(bench, {})):
        fields = {name: value for name, value in row.items() if name != "ok"}
        taken.append(Row(**fields))  # type: ignore[arg-type]  # written by `save`, field by field
    return taken


def machine_of(kept: Kept, bench: str) -> str:
    """The machine of one bench, in a line."""
    facts = kept[bench]["machine"]
    assert isinstance(facts, dict)
    return "{date}: {cpu}, {cores} cores, {memory} GB, {system}, Python {python}".format_map(facts)


def _rows(bench: dict[str, Json]) -> list[dict[str, Json]]:
    rows = bench.get("rows", [])
    assert isinstance(rows, list)
    return [row for row in rows if isinstance(row, dict)]


def machine() -> dict[str, Json]:
    """What a figure depends on beside the program."""
    import psutil  # noqa: PLC0415 - reading kept results does without it

    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "cpu": _processor(),
        "cores": cores,
        "memory": round(psutil.virtual_memory().total / 1e9),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
    }


def _processor() -> str:
    try:
        with open("/proc/cpuinfo") as info:
            return next((line.partition(":")[2].strip() for line in info if line.startswith("model name")), "unknown")
    except OSError:
        return platform.processor() or "unknown"
