"""Frozen records: what `@dataclass(frozen=True, slots=True)` makes, in a third of the time.

For each class the standard library compiles six functions, which takes more than a millisecond, and a scan begins with
a hundred classes. Here one is compiled and the others are shared; making a record takes half the time too.
"""

import dataclasses
from collections.abc import Callable
from operator import attrgetter
from typing import Any, TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(dataclasses.field,))
def frozen(plain: type[T], /) -> type[T]:
    """A class decorator; what it gives is a dataclass to all that ask. Every field is an argument."""
    plain.__doc__ = plain.__doc__ or plain.__name__  # else dataclasses works out a signature, which takes long
    made: Any = dataclasses.dataclass(init=False, repr=False, eq=False, slots=True)(plain)
    fields = dataclasses.fields(made)
    names = [field.name for field in fields]
    values: Callable[[Any], Any] = attrgetter(*names) if names else lambda _: ()

    def equal(self: T, other: object) -> bool:
        return values(self) == values(other) if type(other) is made else NotImplemented

    made.__init__ = _initializer(made, fields)
    made.__repr__ = _shown
    made.__eq__ = equal
    made.__hash__ = lambda self: hash(values(self))
    made.__setattr__ = made.__delattr__ = _refused
    made.__reduce__ = _reduced
    return made  # type: ignore[no-any-return]  # the class, with what was put into it


def _initializer(made: Any, fields: tuple[dataclasses.Field[Any], ...]) -> Callable[..., None]:
    """Takes all fields and puts each into its slot."""
    known: dict[str, object] = {"_unset": dataclasses.MISSING}
    arguments, lines = ["self"], []
    for field in fields:
        name, argument, value = field.name, field.name, field.name
        known[f"_put_{name}"] = getattr(made, name).__set__
        if field.default is not dataclasses.MISSING:
            known[f"_default_{name}"] = field.default
            argument = f"{name}=_default_{name}"
        elif field.default_factory is not dataclasses.MISSING:
            known[f"_make_{name}"] = field.default_factory
            argument, value = f"{name}=_unset", f"_make_{name}() if {name} is _unset else {name}"
        arguments.append(argument)
        lines.append(f"    _put_{name}(self, {value})\n")
    if hasattr(made, "__post_init__"):
        lines.append("    self.__post_init__()\n")
    exec(f"def __init__({', '.join(arguments)}):\n{''.join(lines) or '    pass'}", known)
    made_here: Any = known["__init__"]
    made_here.__qualname__ = f"{made.__qualname__}.__init__"
    return made_here  # type: ignore[no-any-return]  # compiled just now


def _shown(self: Any) -> str:
    parts = [f"{field.name}={getattr(self, field.name)!r}" for field in dataclasses.fields(self)]
    return f"{type(self).__qualname__}({', '.join(parts)})"


def _refused(self: object, name: str, *_: object) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot change field {name!r}")


def _reduced(self: Any) -> tuple[type, tuple[object, ...]]:
    return type(self), tuple([getattr(self, field.name) for field in dataclasses.fields(self)])
