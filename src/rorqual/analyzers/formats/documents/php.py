"""PHP scripts: "<?php", code, "?>" or the end. Readers pass over whatever stands before, so that pictures carry them.

https://www.php.net/manual/en/language.basic-syntax.phptags.php. A script is claimed at the start of a source, or
between bytes that are not text; short tags and what the code does are not handled.
"""

import re
from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.documents.markup import first_binary, plain
from rorqual.sdk import Anchor, Extent, Hit, Malformed, Said, View, frozen

MOST = 4 << 20  # bytes of a script
BLOCK = 64 << 10
NEAR = 256  # bytes before a script that tell whether text surrounds it
_CODE = re.compile(
    rb"\$_(?:GET|POST|REQUEST|COOKIE|SERVER|FILES)\b|\$\w+\s*=|\b(?:function|class|namespace|use)\s+\w"
    rb"|\b(?:echo|print|include|require|include_once|require_once|return)[\s(]+[\"'$\w(]|\b(?:if|for|foreach|while)\s*\("
    rb"|\b\w+\s*\([^()]*\)\s*;"
)
_RISKY = re.compile(
    rb"\b(eval|assert|system|exec|passthru|shell_exec|popen|proc_open|base64_decode|gzinflate|str_rot13|create_function|"
    rb"file_put_contents|move_uploaded_file|preg_replace|include|require)\s*\("
)
_END = re.compile(rb"\?>(?:\r\n|\n)?|__halt_compiler\s*\(\s*\)\s*(?:;|\?>(?:\r\n|\n)?)", re.IGNORECASE)


@frozen
class PHPScript:
    """A script, from its tag to the last that closes it."""

    tag: ClassVar[str] = "php_script"
    risky: tuple[str, ...]  # functions that run or fetch code, by name
    closes: bool


class PHP:
    """Finds scripts."""

    name = "php"
    version = 1
    wakes_on = (Anchor(rb"<\?[pP][hH][pP][ \t\r\n]"),)

    def score(self, view: View, /) -> int:
        """At the start of a source, or behind what is not text."""
        near = min(view.offset, NEAR)
        before = view.sub(-near).read(0, near)
        return int(not before or not plain(before) or (before.startswith(b"#!") and before.count(b"\n") == 1))

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        data, whole = _text(hit.view)
        ends = [found.end() for found in _END.finditer(data)]
        # Behind the tag that closes a script is text for its reader; the last one counts, or the end of all.
        size = len(data) if whole else ends[-1] if ends else 0
        code = data[:size]
        if not size or not _CODE.search(code):
            raise Malformed(hit.offset, "code up to the end or to a closing tag")
        risky = tuple(sorted({found[1].decode("ascii").lower() for found in _RISKY.finditer(code)}))
        yield hit.finding(0, size, PHPScript(risky, bool(ends)))
        yield Extent(0, size, "php", "code, " + ("closing tag" if ends else "text to the end"), "anywhere")


def _text(view: View) -> tuple[bytes, bool]:
    """The text from the tag on, and whether it goes to the end of the source."""
    data = b""
    while len(data) < MOST:
        more = view.read(len(data), BLOCK)
        if not plain(more):
            return data + more[: first_binary(more)], False
        data += more
        if len(more) < BLOCK:
            return data, True
    return data, False
