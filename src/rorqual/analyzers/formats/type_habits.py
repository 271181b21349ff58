"""Text that does not say what it is, known by its habits: JSON by its tokens, tables by their lines, code by its words.

JSON, CSV, TOML, YAML and INI are judged by how the lines of the head are built; programming languages and markup by a
table of telling pieces, each with a weight, counted at most MOST times. Deliberately modest: the proof is "habits".
"""

import re

from rorqual.analyzers.formats.type_head import Guess
from rorqual.analyzers.formats.type_words import pieces

ENOUGH, MOST, LINES = 6, 3, 60

JSON = re.compile(
    r"\s*+(?:[{}\[\],:]\s*+|\"(?:[^\"\\\n]|\\.)*+\"\s*+|(?:-?\d[\d.eE+-]*+|true|false|null|NaN)(?=[\s,\]}]|$)\s*+)*+"
)
JSON_START = re.compile(r"\s*+(?:\{\s*+(?:\}\s*+$|\"(?:[^\"\\\n]|\\.)*+\"\s*+:)|\[\s*+(?:[\[{\"\-\d\]]|true|false|null))")
JSON_KINDS = (
    ('"nbformat"', "ipynb"), ('"cell_type"', "ipynb"), ('"FeatureCollection"', "geojson"), ('"mappings":', "sourcemap"),
    ('"sourcesContent":', "sourcemap"),
)  # fmt: skip
SECTION = re.compile(r"\s*\[{1,2}[^\[\]\n]+\]{1,2}\s*(?:[#;].*)?")
TOML_LINE = re.compile(
    r"\s*[\w.\"'-]+\s*=\s*(?:\"[^\"\n]*\"?|'[^'\n]*'?|\"\"\".*|'''.*|[+-]?\d[\w.:+-]*|true|false|\[.*|\{.*)\s*(?:#.*)?"
)
INI_LINE = re.compile(r"\s*[\w. @/$%:*-]+?\s*[=:]\s*.*")
YAML_LINE = re.compile(r"\s*(?:- )*(?:[\w./\"'$<>@-]+(?: [\w./-]+)?:(?: .*)?|- \S.*)")
YAML_KEY = re.compile(r"[\w.\"'-]+:(?: .*)?")
QUOTED = re.compile(r'"[^"]*"')


def looks_like(text: str, *, whole: bool) -> Guess | None:
    """The kind whose habits the text has, if any."""
    json = _json(text, whole=whole)
    if json is not None:
        return Guess(json, "habits")
    lines = text.split("\n")[:LINES]
    if not whole or len(lines) == LINES or lines[-1] == "":
        lines.pop()
    kind = _words(text) or _settings(lines) or _table(lines)
    return None if kind is None else Guess(kind, "habits")


def _json(text: str, *, whole: bool) -> str | None:
    if JSON_START.match(text) is None:
        return None
    found = JSON.match(text)
    end = 0 if found is None else found.end()
    rest = text[end:]
    if rest and (whole or (rest[0] not in '"-' and len(rest) > 24)):
        return None
    for piece, kind in JSON_KINDS:
        if piece in text:
            return kind
    if re.match(r"\s*\[\s*[\w.-]*\]\s*\n\s*\w", text):
        return None
    return "jsonl" if re.search(r"\}\n\{\"", text) else "json"


def _settings(lines: list[str]) -> str | None:
    """TOML, INI or YAML: nearly every line is a section, a setting or a comment."""
    rows = [line for line in lines if line.strip() and line.lstrip()[0] not in "#;"]
    if len(rows) < 2:
        return None
    sections = sum(SECTION.fullmatch(row) is not None for row in rows)
    if sections:
        known = sections + sum(TOML_LINE.fullmatch(row) is not None for row in rows)
        listed = sum(row[0] in " \t]}" for row in rows)
        if (known + listed) * 10 >= len(rows) * 9 and known > sections and known * 3 >= len(rows):
            return "toml"
        known = sections + sum(INI_LINE.fullmatch(row) is not None for row in rows)
        return "ini" if known * 10 >= len(rows) * 9 and known > sections else None
    keys = sum(YAML_KEY.fullmatch(row) is not None for row in rows)
    known = sum(YAML_LINE.fullmatch(row) is not None for row in rows)
    nested = any(row[0] in " -" for row in rows) or keys == len(rows)
    if nested and keys >= 2 and known * 20 >= len(rows) * 19 and not any(row.rstrip().endswith(("{", ";")) for row in rows):
        return "yaml"
    return None


def _table(lines: list[str]) -> str | None:
    """CSV or TSV: every line has the same number of separators, outside quotes."""
    rows = [QUOTED.sub("", line) if '"' in line else line for line in lines if line and line[0] != "#"]
    if len(rows) < 3:
        return None
    for separator, kind in ((",", "csv"), ("\t", "tsv"), (";", "csv")):
        count = rows[0].count(separator)
        if count and sum(row.count(separator) == count for row in rows) == len(rows):
            ends = sum(row.rstrip().endswith((separator, "{", "}", ")")) for row in rows)
            return None if ends * 2 > len(rows) else kind
    return None


def _words(text: str) -> str | None:
    scores: dict[str, int] = {}
    padded = "\n" + text
    for piece, says in pieces():
        if piece in padded:
            count = min(padded.count(piece), MOST)
            for kind, weight in says:
                scores[kind] = scores.get(kind, 0) + weight * count
    for special, general, enough in (("typescript", "javascript", 6), ("cpp", "c", 5)):
        if scores.get(special, 0) >= enough:
            scores[special] += scores.get(general, 0)
    if not scores:
        return None
    kind = max(scores, key=lambda name: (scores[name], name))
    return kind if scores[kind] >= ENOUGH else None
