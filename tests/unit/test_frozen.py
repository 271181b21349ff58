"""Frozen records are dataclasses in all that is asked of them."""

import dataclasses
import pickle
from copy import deepcopy
from typing import Any, ClassVar

import pytest

from rorqual.frozen import frozen


@frozen
class Ours:
    """One with all that a field may have."""

    tag: ClassVar[str] = "ours_in_tests"
    first: int
    second: str | None = None
    third: list[int] = dataclasses.field(default_factory=list)

    def __post_init__(self) -> None:
        if self.first < 0:
            raise ValueError("first is negative")

    @property
    def twice(self) -> int:
        return 2 * self.first


@dataclasses.dataclass(frozen=True, slots=True)
class Theirs:
    """The same from the standard library."""

    tag: ClassVar[str] = "ours_in_tests"
    first: int
    second: str | None = None
    third: list[int] = dataclasses.field(default_factory=list)


@frozen
class Single:
    value: object


@frozen
class Nothing:
    pass


def test_it_is_made_and_shown_as_a_dataclass() -> None:
    for ours, theirs in (
        (Ours(1), Theirs(1)),
        (Ours(2, third=[3]), Theirs(2, third=[3])),
        (Ours(1, "x"), Theirs(1, "x")),
    ):
        assert repr(ours) == repr(theirs).replace("Theirs", "Ours")
        assert dataclasses.asdict(ours) == dataclasses.asdict(theirs)
        assert dataclasses.asdict(dataclasses.replace(ours, first=9)) == {**dataclasses.asdict(ours), "first": 9}
    assert Ours(4).twice == 8
    assert Ours.__match_args__ == Theirs.__match_args__
    assert Ours(1).third is not Ours(1).third
    assert repr(Nothing()) == "Nothing()"
    assert Ours.__init__.__qualname__ == "Ours.__init__"
    wrong: Any = Ours
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'first'"):
        wrong()
    with pytest.raises(ValueError, match="first is negative"):
        Ours(-1)


def test_equal_are_those_of_one_class_with_equal_fields() -> None:
    assert Ours(1, "x") == Ours(1, "x") != Ours(1, "y")
    theirs: Any = Theirs(1)
    assert Ours(1) != theirs
    assert Single(1) == Single(1) != Single(2)
    assert Nothing() == Nothing()
    assert len({Single(1), Single(1), Single((1,)), Nothing(), Nothing()}) == 3


def test_it_cannot_be_changed() -> None:
    ours: Any = Ours(1)
    with pytest.raises(dataclasses.FrozenInstanceError, match="first"):
        ours.first = 2
    with pytest.raises(dataclasses.FrozenInstanceError, match="first"):
        del ours.first
    with pytest.raises(dataclasses.FrozenInstanceError, match="new"):
        ours.new = 2
    assert not hasattr(ours, "__dict__")


def test_it_is_copied_and_pickled() -> None:
    ours = Ours(1, "x", [2])
    for again in (pickle.loads(pickle.dumps(ours)), deepcopy(ours)):
        assert again == ours
        assert again.third is not ours.third
