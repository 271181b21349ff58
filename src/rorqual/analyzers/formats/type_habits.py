"""Text that does not say what it is, known by its habits: JSON by its tokens, tables by their lines, code
by its words.

JSON, CSV, TOML, YAML and INI are judged by how the lines of the head are built; programming languages and
markup by a table of telling pieces, each with a weight, counted at most MOST times. Deliberately modest:
the proof is "habits".
"""

import re

from rorqual.analyzers.formats.type_head import Guess
from rorqual.analyzers.formats.type_words import spoken

LINES = 60  # of the head, where lines are judged
MOST = 3  # times that a piece counts
ENOUGH = 6  # points, of which one piece must give TELLING
TELLING = 3
CODE = 8  # points from which on style sheets and markup are taken for strings in a script
STATEMENT = re.compile(
    r"\n(?:from [\w.]+ import [\w(*]|import [\w.]+(?: as \w+)?\n|def \w+\([^\n]*:\n|class \w+[^\n]*:\n)"
)  # of Python, where its docstrings say the rest
QUOTED_IN_SCRIPTS = ("css", "html", "xml", "tex", "sql")

JSON = re.compile(
    r"\s*+(?:[{}\[\],:]\s*+|\"(?:[^\"\\\n]|\\.)*+\"\s*+|(?:-?\d[\d.eE+-]*+|true|false|null|NaN)(?=[\s,\]}]|$)\s*+)*+"
)
JSON_START = re.compile(
    r"\s*+(?:\{\s*+(?:\}\s*+$|\"(?:[^\"\\\n]|\\.)*+\"\s*+:)|\[\s*+(?:[\[{\"\-\d\]]|true|false|null))"
)
JSON_KINDS = (
    ('"nbformat"', "ipynb"), ('"cell_type"', "ipynb"), ('"FeatureCollection"', "geojson"),
    ('"mappings":', "sourcemap"),
    ('"sourcesContent":', "sourcemap"),
)  # fmt: skip
ONE_A_LINE = re.compile(r"\}\n\{\"")
SECTION = re.compile(r"\s*\[{1,2}[^\[\]\n]+\]{1,2}\s*(?:[#;].*)?")
TOML_LINE = re.compile(
    r"\s*(?:[\w-]++|\"[^\"\n]*\"|'[^'\n]*')(?:\.(?:[\w-]++|\"[^\"\n]*\"))*+\s*=\s*(?:\"[^\"\n]*\"?|'[^'\n]*'?|\"\"\".*|'''.*|[+-]?\d[\w.:+-]*|true|false|\[.*|\{.*)\s*(?:#.*)?"
)
INI_LINE = re.compile(r"\s*+[\w.@/$%*-]++(?: +[\w.@/$%*-]++)*+\s*+[=:].*")
YAML_LINE = re.compile(r"\s*(?:- )*(?:[\w./\"'$<>@-]+(?: [\w./-]+)?:(?: .*)?|- \S.*)")
YAML_KEY = re.compile(r"\s*(?:- )*[\w./\"'-]+:(?: |$)")
QUOTED = re.compile(r'"[^"]*"')
FIRST_ELEMENT = re.compile(r"(?:\s++|<!--(?:[^-]|-(?!->))*+-->)*+<([\w:.-]++)[^>]*+>")
HTML_ELEMENTS = {
    "html", "head", "body", "div", "p", "script", "style", "table", "form", "span", "ul", "ol", "h1", "h2",
    "h3",
    "meta", "link", "title", "button", "section", "template", "a", "img", "details", "label", "input", "nav",
    "header", "main",
}  # fmt: skip
ASSIGNMENT = re.compile(r"(?:export )?[A-Za-z_]\w*=(?:\"[^\"]*\"|'[^']*'|[^\s\"']*)\s*")
FENCED = re.compile(r"\n```[^\n]*\n.*?\n```", re.DOTALL)
LAST = re.compile(
    r"^(?:"
    r"(?P<rst>\.\. [\w:-]+::(?: |$)|[^\n]+\n(?:====+|~~~~+)\n\n[^\n]*(?:[^:]::\n|``))"
    r"|(?P<javascript>(?:async )?function \w+\([\w, ]*\)\s*\{|(?:const|let|var) [\w$]+ = [\[{(\"'\w])"
    r"|(?P<typescript>(?:type|interface|enum) \w+(?:<\w+>)? (?:= )?[\[{])"
    r"|(?P<python>from [\w.]+ import [\w*(]|import [\w.]+(?: as \w+)?$|class \w+(?:\([^\n]*\))?:$"
    r"|def \w+\([^\n]*\)(?: -> [\w\[\]., ]+)?:$)"
    r"|(?P<c>(?:(?:static|extern|const|unsigned) )*+"
    r"(?:void|int|char|double|float|\w+_t) \*?\w+\([^;{}\n]*\)\s*[;{])"
    r"|(?P<css>[.#]?[\w-]++(?:[ >,:.#]++[\w-]++)*+ ?\{\s+[\w-]+: ?[^\n{}]+;)"
    r"|(?P<markdown>\n##+ [^\n]+\n\n)"
    r")",
    re.MULTILINE,
)
TITLE = re.compile(r"# \w[^\n]{0,80}\n\s*\n+[A-Z]?[\w`*\[(-]")
ROLE = re.compile(r":[a-z]+:`[^`\n]+`")
TREE = re.compile(r"\s*+<[A-Za-z][^<>]*+>[^<]*+<(?s:.)*</[A-Za-z][\w:.-]*+>\s*+\Z")
CALL = re.compile(r"\s*[A-Za-z_$][\w.$]*\(\s*(?=[{\[])")
REMARKS = re.compile(r"(?:\s*//[^\n]*\n|\s*/\*(?:[^*]|\*(?!/))*+\*/)++\s*(?=[{\[])")


def looks_like(text: str, *, whole: bool) -> Guess | None:
    """The kind whose habits the text has, if any."""
    json = _json(text, whole=whole)
    if json is not None:
        return Guess(json, "habits")
    lines = text.split("\n")[:LINES]
    if not whole or len(lines) == LINES or lines[-1] == "":
        lines.pop()
    kind = (
        _table(lines) or _settings(lines) or _nested(lines) or _element(text) or _words(text)
        or _assigned(lines) or _line(text)
    )  # fmt: skip
    return None if kind is None else Guess(kind, "habits")


def _json(text: str, *, whole: bool) -> str | None:
    called = CALL.match(text)
    remarked = called or REMARKS.match(text)
    text = text[remarked.end() :] if remarked is not None else text
    if JSON_START.match(text) is None:
        return None
    found = JSON.match(text)
    rest = text[found.end() :] if found is not None else text
    if called is not None:
        return "javascript" if len(rest) < 4 or not whole else None
    if rest and remarked is None and (whole or (rest[0] not in '"-' and len(rest) > 24)):
        return None
    for piece, kind in JSON_KINDS:
        if piece in text:
            return kind
    return "jsonl" if ONE_A_LINE.search(text) else "json"


def _settings(lines: list[str]) -> str | None:
    """TOML or INI: sections, and nearly every other line a setting or a comment."""
    rows = _told(lines)
    sections = sum(SECTION.fullmatch(row) is not None for row in rows if "[" in row)
    if not sections or len(rows) < 2:
        return None
    known = sections + sum(TOML_LINE.fullmatch(row) is not None for row in rows)
    listed = sum(row[0] in " \t]}" for row in rows)
    if (known + listed) * 10 >= len(rows) * 9 and known > sections and known * 3 >= len(rows):
        return "toml"
    known = sections + sum(INI_LINE.fullmatch(row) is not None for row in rows)
    return "ini" if known * 10 >= len(rows) * 9 and known > sections else None


def _nested(lines: list[str]) -> str | None:
    """YAML: nearly every line is a key or an item, but for what a block scalar holds."""
    rows = _told(lines)
    keys, strange, block = 0, len(rows) // 20, -1
    for row in rows:
        indent = len(row) - len(row.lstrip())
        if 0 <= block < indent:
            continue
        strange -= YAML_LINE.fullmatch(row) is None or row.rstrip().endswith(("{", ";", ","))
        if strange < 0:
            return None
        keys += YAML_KEY.match(row) is not None
        block = indent if row.endswith(("|", ">", "|-", ">-", "|+", ">+")) else -1
    return "yaml" if keys > 2 else None


def _told(lines: list[str]) -> list[str]:
    return [line for line in lines if line.strip() and line.lstrip()[0] not in "#;"]


def _element(text: str) -> str | None:
    """A document that begins with an element, comments aside."""
    found = FIRST_ELEMENT.match(text)
    if found is None:
        return None
    name = found[1].lower()
    if any(piece in text for piece in ("\n```", "](http", "\n## ")):
        return None
    if name == "svg":
        return "svg"
    if name in HTML_ELEMENTS:
        return "html"
    return "xml" if "xmlns" in found[0] else None


def _assigned(lines: list[str]) -> str | None:
    """Shell variables and nothing else."""
    rows = _told(lines)
    return "shell" if len(rows) > 1 and all(ASSIGNMENT.fullmatch(row) for row in rows) else None


def _line(text: str) -> str | None:
    """What one line alone gives away, where there are too few for more."""
    found = LAST.search(text)
    if found is not None:
        return found.lastgroup
    if TITLE.match(text):
        return "markdown"
    if TREE.match(text):
        return "xml"
    return "rst" if ROLE.search(text) else None


def _table(lines: list[str]) -> str | None:
    """CSV or TSV: every line has the same number of separators, outside quotes."""
    rows = [QUOTED.sub("", line) if '"' in line else line for line in lines if line and line[0] != "#"]
    if len(rows) < 3:
        return None
    for separator, kind in ((",", "csv"), ("\t", "tsv"), (";", "csv")):
        count = rows[0].count(separator)
        if count * len(rows) >= 6 and all(row.count(separator) == count for row in rows):
            ends = sum(row.rstrip().endswith((separator, "{", "}", ")")) for row in rows)
            return None if ends * 2 > len(rows) else kind
    return None


def _words(text: str) -> str | None:
    scores: dict[str, int] = {}
    best: dict[str, int] = {}
    kinds: dict[str, int] = {}
    prose = FENCED.sub("\n```", "\n" + text) if "\n```" in text else "\n" + text
    for count, says in spoken(prose.encode("utf-8", "replace")):
        for kind, weight in says:
            scores[kind] = scores.get(kind, 0) + weight * min(count, MOST)
            best[kind] = max(best.get(kind, 0), weight)
            kinds[kind] = kinds.get(kind, 0) + 1
    for special, general, enough in (("typescript", "javascript", 6), ("cpp", "c", 6)):
        if scores.get(special, 0) >= enough:
            for values in (scores, kinds):
                values[special] += values.get(general, 0)
    if max(scores.get("javascript", 0), scores.get("typescript", 0)) >= CODE and text.lstrip()[:1] != "<":
        for quoted in QUOTED_IN_SCRIPTS:
            scores.pop(quoted, None)
    if STATEMENT.search(text):
        for quoted in ("rst", *QUOTED_IN_SCRIPTS):
            scores.pop(quoted, None)
    telling = [kind for kind in scores if best[kind] >= TELLING and (kinds[kind] > 1 or best[kind] >= ENOUGH)]
    if not telling:
        return None
    kind = max(telling, key=lambda name: (scores[name], name))
    return kind if scores[kind] >= ENOUGH else None
