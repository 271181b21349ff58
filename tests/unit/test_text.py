"""The fold `text`: any cut and bracketing gives what the whole gives, and what the codecs say."""

import codecs
import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rorqual.analyzers.folds import text as module
from rorqual.analyzers.folds.text import Text, TextFold
from rorqual.sdk import Window

CODECS = {
    "us-ascii": "ascii",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
    "utf-32le": "utf-32-le",
    "utf-32be": "utf-32-be",
}

letters = st.text(alphabet="aé\u0416\u65e5\U0001f40b \n\r\t", max_size=40)
encoded = st.builds(
    lambda text, encoding, bom: (codecs.lookup(encoding).encode("\ufeff")[0] if bom else b"") + text.encode(encoding),
    letters,
    st.sampled_from(["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"]),
    st.booleans(),
)
PIECES = (
    b"\xe2", b"\x82\xac", b"\xac", b"\xf0\x9f", b"\x90\x8b", b"\xc0", b"\xed\xa0", b"\xd8", b"\x3d", b"\xdc",
    b"a", b"\n", b"\r", b"\0", b" \0", b"\n\0", b"\xff\xfe", b"\xfe\xff", b"\0\0", b"\xef\xbb\xbf",
    b"\x81", b"\x01",
)  # fmt: skip
nasty = st.lists(st.sampled_from(PIECES), max_size=24).map(b"".join)
sources = st.one_of(encoded, nasty, st.builds(lambda one, two: one + two, encoded, nasty), st.binary(max_size=40))


def said(data: bytes) -> Text | None:
    fold = TextFold()
    fold.feed(Window(0, data))
    return body(fold)


def body(fold: TextFold) -> Text | None:
    found = list(fold.finish(()))
    if not found:
        return None
    assert isinstance(found[0].body, Text)
    assert (found[0].offset, found[0].size) == (0, fold.end)
    return found[0].body


def bracketed(data: bytes, borders: list[int], chance: random.Random) -> TextFold:
    parts = []
    for start, end in pairwise(borders):
        part = TextFold()
        for middle in range(start, end, 3):
            part.feed(Window(middle, data[middle : min(end, middle + 3)]))
        parts.append(part)
    parts = parts or [TextFold()]
    while len(parts) > 1:
        at = chance.randrange(len(parts) - 1)
        parts[at].merge(parts.pop(at + 1))
    return parts[0]


@settings(deadline=None, max_examples=400)
@given(data=sources, cuts=st.lists(st.integers(0, 60), max_size=12), chance=st.randoms(use_true_random=False))
def test_any_cut_and_bracketing(data: bytes, cuts: list[int], chance: random.Random) -> None:
    borders = sorted({0, len(data), *(cut for cut in cuts if cut <= len(data))})
    assert body(bracketed(data, borders, chance)) == said(data)


@settings(deadline=None, max_examples=200)
@given(data=sources, chance=st.randoms(use_true_random=False))
def test_byte_by_byte(data: bytes, chance: random.Random) -> None:
    assert body(bracketed(data, list(range(len(data) + 1)), chance)) == said(data)


@settings(deadline=None, max_examples=100)
@given(data=sources, cuts=st.lists(st.integers(0, 60), max_size=6), chance=st.randoms(use_true_random=False))
def test_runs_without_nul_end_the_wide_readings_wherever_cut(
    data: bytes, cuts: list[int], chance: random.Random
) -> None:
    usual = module.MAX_RUN, module.SLICE
    module.MAX_RUN = module.SLICE = 7
    try:
        borders = sorted({0, len(data), *(cut for cut in cuts if cut <= len(data))})
        assert body(bracketed(data, borders, chance)) == said(data)
    finally:
        module.MAX_RUN, module.SLICE = usual


@settings(deadline=None, max_examples=400)
@given(data=sources)
def test_agrees_with_decode(data: bytes) -> None:
    found = said(data)
    if found is None or found.encoding in ("iso-8859-1", "windows-1252", "unknown-8bit"):
        return
    whole = data if found.breaks_at is None else data[: found.breaks_at]
    text = whole.decode(CODECS.get(found.encoding, found.encoding))
    assert "\0" not in text
    crlf = text.count("\r\n")
    assert (found.lf, found.crlf, found.cr) == (text.count("\n") - crlf, crlf, text.count("\r") - crlf)
    if found.breaks_at is None:
        assert found.lines == found.lf + found.crlf + found.cr + (text != "" and text[-1] not in "\r\n")


@settings(deadline=None, max_examples=300)
@given(data=st.one_of(letters.map(str.encode), nasty.map(lambda data: data.replace(b"\0", b"").replace(b"\x01", b""))))
def test_utf8_breaks_where_decode_says(data: bytes) -> None:
    found = said(data)
    breaks_at = broken(data)
    if breaks_at is None:
        assert found is None if not data else found is not None
        assert found is None or found.encoding in ("us-ascii", "utf-8")
    else:
        assert found is None or data.startswith((b"\xff\xfe", b"\xfe\xff")) or found.breaks_at == breaks_at


def broken(data: bytes) -> int | None:
    try:
        data.decode()
    except UnicodeDecodeError as error:
        return error.start
    return None


@pytest.mark.parametrize(
    ("data", "encoding", "bom", "ending", "lines"),
    [
        (b"one\ntwo\n", "us-ascii", False, "lf", 2),
        (b"one\r\ntwo", "us-ascii", False, "crlf", 2),
        (b"one\rtwo\r", "us-ascii", False, "cr", 2),
        (b"one\ntwo\r\n", "us-ascii", False, "mixed", 2),
        (b"one", "us-ascii", False, "none", 1),
        ("é\n".encode(), "utf-8", False, "lf", 1),
        (b"\xef\xbb\xbf\xc3\xa9", "utf-8", True, "none", 1),
        ("hello, world\n".encode("utf-16-le"), "utf-16le", False, "lf", 1),
        ("hello, world\n".encode("utf-16-be"), "utf-16be", False, "lf", 1),
        ("\ufeff日本語\r\n".encode("utf-16-le"), "utf-16le", True, "crlf", 1),
        ("\ufeff日本語\r\n".encode("utf-32-be"), "utf-32be", True, "crlf", 1),
        ("hello, world\n".encode("utf-32-le"), "utf-32le", False, "lf", 1),
        ("Où est le café ?\n".encode("latin-1"), "iso-8859-1", False, "lf", 1),
        ("“Où” est le café ?\n".encode("cp1252"), "windows-1252", False, "lf", 1),
        ("Съешь ещё этих мягких булок. ".encode("koi8-r") * 9, "unknown-8bit", False, "none", 1),
    ],
)  # fmt: skip
def test_encodings(data: bytes, encoding: str, bom: bool, ending: str, lines: int) -> None:
    found = said(data)
    assert found is not None
    assert (found.encoding, found.bom, found.line_ending, found.lines) == (encoding, bom, ending, lines)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        bytes(100),
        bytes(range(256)),
        b"text with one NUL\0in it",
        b"a\x01b",
        b"\x7fELF\x02\x01\x01" + bytes(9),
        "no blank".replace(" ", "").encode("utf-16-le"),
        b"\xff\xfe" + b"\x00\xd8a\x00",
        b"\xff\xfe\0\0" + b"\0\0\x11\0",
        b"\x93\xa7\xe0\xc1\xd5\x99\xb0",
    ],
)
def test_not_text(data: bytes) -> None:
    assert said(data) is None


def test_character_that_the_end_cuts_off() -> None:
    found = said("café €".encode()[:-1])
    assert found is not None
    assert (found.encoding, found.breaks_at) == ("utf-8", 6)
    found = said(b"\xff\xfea\0b\0c")
    assert found is not None
    assert (found.encoding, found.breaks_at) == ("utf-16le", 6)


def test_a_few_control_characters_are_borne() -> None:
    found = said(b"a line of a log\n" * 100 + b"\x01")
    assert found is not None
    assert found.controls == 1
    assert said(b"a line of a log\n" * 30 + b"\x01") is None


def test_a_binary_is_not_looked_at_any_more() -> None:
    fold = TextFold()
    fold.feed(Window(0, bytes(100)))
    window = Window(100, b"text" * 1000)
    fold.feed(window)
    assert window._pieces is None
    assert (fold.narrow, fold.wide, fold.histogram) == (False, (), 0)


def test_long_text_crosses_slices() -> None:
    data = "\r\n".join("naïve €uro" for _ in range(30_000)).encode()
    found = said(data)
    assert found is not None
    assert (found.encoding, found.crlf, found.breaks_at) == ("utf-8", 29_999, None)
