"""Writes the JSON Schema of the report anew, from the bodies of all analyzers: `python -m scripts.write_schema`."""

import dataclasses
import importlib
import json
import pkgutil
from pathlib import Path
from typing import Any

import rorqual
from rorqual.findings.record import Body
from rorqual.findings.schema import build

TARGET = Path(rorqual.__file__).parent / "findings" / "schema.json"
PROGRAMS = {"rorqual.__main__", "rorqual._kernels"}


def bodies() -> list[type[Body]]:
    """Every record of the package with a tag of its own."""
    found: dict[str, Any] = {}
    for module in pkgutil.walk_packages(rorqual.__path__, "rorqual."):
        if module.name in PROGRAMS:
            continue
        for value in vars(importlib.import_module(module.name)).values():
            if (
                isinstance(value, type)
                and dataclasses.is_dataclass(value)
                and isinstance(value.__dict__.get("tag"), str)
            ):
                other = found.setdefault(value.__dict__["tag"], value)
                if other is not value:
                    raise SystemExit(f"tag {value.__dict__['tag']}: both {other} and {value}")
    return list(found.values())


def text() -> str:
    """The schema as the file has it."""
    return json.dumps(build(bodies()), indent=1) + "\n"


if __name__ == "__main__":
    TARGET.write_text(text(), encoding="utf-8")
    print(f"{TARGET.relative_to(Path.cwd())}: {TARGET.stat().st_size} bytes")
