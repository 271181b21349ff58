"""What is said: a finding is a place, an extent and a frozen body that its analyzer defines.

A *place* is the way to a source from the file that was scanned: () is the file itself, ((0x3e8, "gzip"),) the
stream that gzip decodes at offset 0x3e8 of it. Offsets in a finding count within the source at its place.
"""

import dataclasses
import enum
import functools
import hashlib
import json
import math
import typing
from collections.abc import Callable
from json.encoder import encode_basestring_ascii
from typing import ClassVar, Protocol, TypeAlias

from rorqual.frozen import frozen
from rorqual.kernels import records

Place: TypeAlias = tuple[tuple[int, str], ...]
PLAIN = frozenset({str, int, bool, float, type(None)})  # what JSON has itself
Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"


class Body(Protocol):
    """A frozen dataclass whose `tag` names it in the public format; fields are text, numbers, bytes, tuples, records.

    The rows of a long table are NamedTuples, a few hundred to a body, and the table is as many findings as it takes.
    """

    __dataclass_fields__: ClassVar[
        dict[str, dataclasses.Field[typing.Any]]
    ]  # what makes a dataclass one; the values are any by nature
    tag: ClassVar[str]


@frozen
class Finding:
    """What an analyzer says of `size` bytes at `offset` of the source at `place`."""

    place: Place
    offset: int
    size: int
    analyzer: str
    body: Body

    @property
    def kind(self) -> str:
        """The body's tag."""
        return self.body.tag

    @property
    def id(self) -> str:
        """16 hex digits, the same for the same finding in every run."""
        return finding_id(self.place, self.offset, self.size, self.analyzer, canonical(self.body))

    def to_dict(self) -> dict[str, Json]:
        """The finding as it stands in the JSON report."""
        return {
            "id": self.id,
            "analyzer": self.analyzer,
            "kind": self.kind,
            "place": place_text(self.place),
            "offset": self.offset,
            "size": self.size,
            self.kind: encode(self.body),
        }


@functools.cache
def field_names(record: type) -> tuple[str, ...]:
    """Of a dataclass."""
    return tuple(field.name for field in dataclasses.fields(record))


def place_text(place: Place) -> str:
    """The place as a path: "/" is the scanned file, "/0x3e8/gzip" the stream decoded at 0x3e8 of it."""
    return "/" + "/".join(f"{offset:#x}/{via}" for offset, via in place)


def finding_id(place: Place, offset: int, size: int, analyzer: str, body: str) -> str:
    """The first 16 hex digits of SHA-256 over the canonical form; `body` is `canonical(body)`."""
    line = json.dumps([place_text(place), offset, size, analyzer, body], separators=(",", ":"))
    return hashlib.sha256(line.encode()).hexdigest()[:16]


def canonical(body: Body) -> str:
    """The body as one line of JSON under its tag: keys sorted, ASCII, no spaces.

    Raises:
        TypeError: a field holds something that has no place in the public format.
        ValueError: a number is not finite.
    """
    return f"{{{encode_basestring_ascii(body.tag)}:{_line(body)}}}"


def _line(value: object) -> str:
    """What json.dumps makes of `encode(value)`, many times faster for records and long tables."""
    atom = ATOMS.get(type(value))
    if atom is not None:
        return atom(value)
    if isinstance(value, tuple | list) and not hasattr(value, "_fields"):
        row = row_type(value)
        if row is None:
            return f"[{','.join([_line(item) for item in value])}]"
        shape = _shape(row, row._fields)
        return f"[{records(shape.heads, shape.order, tuple(value), _line)}]"
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        names = field_names(type(value))
        shape = _shape(type(value), names)
        return records(shape.heads, shape.order, (tuple([getattr(value, name) for name in names]),), _line)
    return json.dumps(encode(value), sort_keys=True, separators=(",", ":"), allow_nan=False)


def row_type(value: object) -> typing.Any:  # a class of named tuples, which have no type in common
    """What all items of the tuple or list are, where that is one class of named tuples: a table's rows."""
    if not isinstance(value, tuple | list) or not value or not hasattr(value[0], "_fields"):
        return None
    row = type(value[0])
    return row if set(map(type, value)) == {row} else None


class _Shape(typing.NamedTuple):
    """How the records of a class are written, by the names of their fields."""

    heads: tuple[bytes, ...]  # what stands before each value
    order: bytes  # the values' places in the class


@functools.cache
def _shape(record: type, names: tuple[str, ...]) -> _Shape:
    if "<locals>" in record.__qualname__:
        raise TypeError(f"{record.__qualname__}: a body is defined in a module, or nobody else could read it")
    ordered = sorted(names)
    heads = [f"{',' * (place > 0)}{encode_basestring_ascii(name)}:" for place, name in enumerate(ordered)]
    return _Shape(tuple(head.encode() for head in heads), bytes(map(names.index, ordered)))


def _number(value: float) -> str:
    if not math.isfinite(value):
        raise ValueError(f"{value}: a number in a body is finite")
    return float.__repr__(value)


ATOMS: dict[type, Callable[[typing.Any], str]] = {  # by type, what a value of it becomes
    str: encode_basestring_ascii,
    int: int.__repr__,
    bool: {True: "true", False: "false"}.__getitem__,
    type(None): {None: "null"}.__getitem__,
    float: _number,
}


def encode(value: object) -> Json:
    """A body or one of its fields as JSON values: bytes as hex, tuples as lists, records and named tuples as objects.

    Raises:
        TypeError: a field holds something that has no place in the public format.
    """
    if type(value) in PLAIN:
        return typing.cast(Json, value)
    match value:
        case enum.Enum():
            return encode(value.value)
        case None | bool() | int() | float() | str():
            return value
        case bytes():
            return value.hex()
        case tuple() if names := getattr(value, "_fields", None):  # a row of a table
            return {
                name: item if type(item) in PLAIN else encode(item) for name, item in zip(names, value, strict=True)
            }
        case tuple() | list():
            return [encode(item) for item in value]
        case _ if dataclasses.is_dataclass(value) and not isinstance(value, type):
            return {name: encode(getattr(value, name)) for name in field_names(type(value))}
    raise TypeError(f"{type(value).__name__}: no JSON form; bodies hold text, numbers, bytes, tuples and records")
