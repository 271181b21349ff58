"""Anchors are of fixed width and assert no position, however they are written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rorqual.engine.patterns import Patterns, _parsed_width, _plain_width, width_of
from rorqual.sdk import Anchor


@pytest.mark.parametrize(
    ("regex", "width"),
    [
        (rb"MZ[\x00-\xff]{61}[\x00-\x0f]", 64),
        (b"PK\x03\x04", 4),
        (rb"[^\]]x", 2),
        (b"a.b", 3),
        (rb"\\x41", 4),
        (b"a(b|c)d", 3),
        (rb"[]a]b\]", 3),
        (rb"ab\d", 3),
        (b"(?:ab|cd)e", 3),
    ],
)
def test_width(regex: bytes, width: int) -> None:
    assert width_of(regex) == width


@pytest.mark.parametrize("regex", [b"a", b"a+b", b"a{2,3}b", b"ab?c", b"a" * 65, b""])
def test_other_than_fixed_2_to_64_is_refused(regex: bytes) -> None:
    with pytest.raises(ValueError, match="fixed, 2 to 64, is wanted"):
        width_of(regex)


@pytest.mark.parametrize("regex", [b"^ab", b"ab$", rb"\bab", b"(?=a)ab", b"(?<!a)bc", rb"(ab)\1"])
def test_assertions_are_refused(regex: bytes) -> None:
    with pytest.raises(ValueError, match="asserts a position"):
        width_of(regex)


def test_what_is_no_expression_is_refused() -> None:
    with pytest.raises(ValueError, match="anchor b'\\(ab'"):
        width_of(b"(ab")


units = st.sampled_from([rb"\x41", b"a", b".", rb"[\x00-\x1f]", rb"[^a\]]", b"Z{3}", rb"\x00{2}", b" ", b"-", b"]"])


@given(st.lists(units, min_size=1, max_size=12).map(b"".join))
def test_the_short_way_agrees_with_the_parser(regex: bytes) -> None:
    if (plain := _plain_width(regex)) is not None:
        assert plain == _parsed_width(regex)


def test_a_span_warms_up_on_the_widest_anchor_less_one() -> None:
    assert Patterns([(0, Anchor(b"abcd")), (1, Anchor(b"ab"))]).warm == 3
    assert Patterns([]).warm == 0


@pytest.mark.parametrize("regex", [rb"x\v", rb"x\s", b"x[[:alpha:]]", b"(?i)ab", rb"\Qab\E", rb"\x4", rb"\0b"])
def test_what_matchers_read_differently_is_refused(regex: bytes) -> None:
    with pytest.raises(ValueError, match="not read the same way by every matcher"):
        width_of(regex)
