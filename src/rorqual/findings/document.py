"""The report's own form: JSON, written as a stream, so that no finding is held. `schema.json` describes it."""

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, TextIO

from rorqual.findings.record import Finding, Json, encode

if TYPE_CHECKING:
    from rorqual.findings.report import Report

SCHEMA = "rorqual-report/1.0"


def write(report: "Report", out: TextIO) -> None:
    """Writes one JSON object and a newline; everything that may differ between two runs stands under `run`."""
    out.write("{")
    _member(out, "schema", SCHEMA, first=True)
    _member(out, "source", encode(report.source))
    _member(out, "plan", report.plan.to_dict())
    _member(out, "complete", report.complete)
    _member(out, "type", encode(report.type))
    _member(out, "digests", {digest.algorithm: digest.value for digest in report.digests})
    _members(out, "verdicts", (json.dumps(verdict_dict(verdict)) for verdict in report.verdicts))
    _members(out, "faults", (json.dumps(fault.to_dict()) for fault in report.faults))
    _members(out, "coverage", (json.dumps(line.to_dict()) for line in report.coverage))
    _members(out, "children", (json.dumps(child.to_dict()) for child in report.children))
    lines = (json.dumps(record.head())[:-1] + ", " + record.canonical[1:] for record in report.records())
    _members(out, "findings", lines)
    _member(out, "run", encode(report.run))
    out.write("\n}\n")


def verdict_dict(finding: Finding) -> dict[str, Json]:
    """A verdict as it stands in the report: what it says beside where it says it."""
    line = finding.to_dict()
    body = line.pop(finding.kind)
    assert isinstance(body, dict)
    return {**line, **body}


def _member(out: TextIO, name: str, value: Json, *, first: bool = False) -> None:
    out.write(f"{'' if first else ','}\n  {json.dumps(name)}: {json.dumps(value)}")


def _members(out: TextIO, name: str, lines: Iterable[str]) -> None:
    out.write(f",\n  {json.dumps(name)}: [")
    comma = ""
    for line in lines:
        out.write(f"{comma}\n    {line}")
        comma = ","
    out.write("\n  ]" if comma else "]")
