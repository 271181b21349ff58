"""The JSON Schema of the report, published with the package as `schema.json`; made from the records themselves."""

import dataclasses
import enum
import json
import types
import typing
from collections.abc import Iterable
from importlib import resources
from typing import Any

from rorqual.findings.document import SCHEMA
from rorqual.findings.ledger import Reason, State
from rorqual.findings.record import Body, Json

HEX_DIGITS = "^([0-9a-f]{2})*$"
COUNT: dict[str, Json] = {"type": "integer", "minimum": 0}
TEXT: dict[str, Json] = {"type": "string"}
PLACE: dict[str, Json] = {"type": "string", "pattern": "^/(0x[0-9a-f]+/[^/]+(/0x[0-9a-f]+/[^/]+)*)?$"}
RANGES: dict[str, Json] = {
    "type": "array",
    "items": {"type": "array", "items": COUNT, "minItems": 2, "maxItems": 2},
}


def load() -> dict[str, Any]:
    """The published schema (JSON Schema 2020-12)."""
    text = resources.files("rorqual.findings").joinpath("schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def build(bodies: Iterable[type[Body]]) -> dict[str, Json]:
    """The schema of reports whose findings have these bodies; findings of other kinds are held to the frame alone."""
    by_tag = {body.tag: body for body in bodies}
    kinds: list[Json] = [
        {
            "if": {"properties": {"kind": {"const": tag}}},
            "then": {"properties": {tag: {"$ref": f"#/$defs/{tag}"}}, "required": [tag]},
        }
        for tag in sorted(by_tag)
        if tag != "verdict"
    ]
    frame: dict[str, Json] = {"id": {"type": "string", "pattern": "^[0-9a-f]{16}$"}, "analyzer": TEXT, "place": PLACE}
    span: dict[str, Json] = {"offset": COUNT, "size": COUNT}
    finding = _object({**frame, "kind": TEXT, **span}, open_ended=True)
    verdict_fields = record_schema(by_tag["verdict"])["properties"]
    assert isinstance(verdict_fields, dict)
    members: dict[str, Json] = {
        "schema": {"const": SCHEMA},
        "source": _object({"name": TEXT, "size": COUNT}),
        "plan": _object(
            {
                "fingerprint": TEXT,
                "version": TEXT,
                "analyzers": {"type": "array", "items": TEXT},
                "limits": {"type": "object", "additionalProperties": COUNT},
            }
        ),
        "complete": {"type": "boolean"},
        "type": {"anyOf": [{"$ref": "#/$defs/file_type"}, {"type": "null"}]},
        "digests": {"type": "object", "additionalProperties": TEXT},
        "verdicts": {"type": "array", "items": _object({**frame, **span, **verdict_fields})},
        "faults": {"type": "array", "items": _fault()},
        "coverage": {"type": "array", "items": _coverage()},
        "children": {"type": "array", "items": _child()},
        "findings": {"type": "array", "items": {**finding, "allOf": kinds}},
        "run": {"type": "object"},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Rorqual report",
        "description": "Everything that may differ between two runs stands under `run`. Fields are only ever added.",
        **_object(members),
        "$defs": {tag: record_schema(body) for tag, body in sorted(by_tag.items()) if tag != "verdict"},
    }


def record_schema(record: type) -> dict[str, Json]:
    """The schema of a frozen record or a named tuple, from the types of its fields."""
    hints = typing.get_type_hints(record)
    row: tuple[str, ...] = getattr(record, "_fields", ())
    names = row or tuple(field.name for field in dataclasses.fields(record))
    schema = _object({name: value_schema(hints[name]) for name in names})
    description = (
        "" if row and (record.__doc__ or "").startswith(f"{record.__name__}(") else (record.__doc__ or "").strip()
    )
    return {"description": description, **schema} if description else schema


def value_schema(hint: Any) -> dict[str, Json]:
    """The schema of one field.

    Raises:
        TypeError: the type has no place in the public format.
    """
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return {"anyOf": [value_schema(argument) for argument in arguments]}
    if origin is typing.Literal:
        return {"enum": list(arguments)}
    if origin is tuple and len(arguments) == 2 and arguments[1] is ...:
        return {"type": "array", "items": value_schema(arguments[0])}
    if origin is tuple:
        items: list[Json] = [value_schema(argument) for argument in arguments]
        return {"type": "array", "prefixItems": items, "minItems": len(items), "maxItems": len(items)}
    if isinstance(hint, type) and (dataclasses.is_dataclass(hint) or hasattr(hint, "_fields")):
        return record_schema(hint)
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        return {"enum": [member.value for member in hint]}
    simple: dict[Any, dict[str, Json]] = {
        bool: {"type": "boolean"},
        int: {"type": "integer"},
        float: {"type": "number"},
        str: TEXT,
        bytes: {"type": "string", "pattern": HEX_DIGITS},
        type(None): {"type": "null"},
    }
    if hint not in simple:
        raise TypeError(f"{hint}: has no place in the public format")
    return simple[hint]


def _object(members: dict[str, Json], *, optional: tuple[str, ...] = (), open_ended: bool = False) -> dict[str, Json]:
    return {
        "type": "object",
        "properties": members,
        "required": [name for name in members if name not in optional],
        **({} if open_ended else {"additionalProperties": False}),
    }


def _fault() -> dict[str, Json]:
    reason: Json = {"enum": [reason.value for reason in Reason]}
    return _object({"analyzer": TEXT, "place": PLACE, "offset": COUNT, "reason": reason, "message": TEXT})


def _coverage() -> dict[str, Json]:
    state: Json = {"enum": [state.value for state in State]}
    share: Json = {"type": "number", "minimum": 0, "maximum": 1}
    members: dict[str, Json] = {
        "analyzer": TEXT,
        "place": PLACE,
        "state": state,
        "ranges": RANGES,
        "reason": TEXT,
        "share": share,
    }
    return _object(members, optional=("reason", "share"))


def _child() -> dict[str, Json]:
    return _object(
        {
            "place": PLACE,
            "name": {"anyOf": [TEXT, {"type": "null"}]},
            "size": COUNT,
            "type": {"anyOf": [{"$ref": "#/$defs/file_type"}, {"type": "null"}]},
            "digests": {"type": "object", "additionalProperties": TEXT},
            "same_as": {"anyOf": [PLACE, {"type": "null"}]},
        }
    )
