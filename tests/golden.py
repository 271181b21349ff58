"""Writes the corpus' expected reports anew: `python -m tests.golden [ANALYZER…]`. Review the diff as code."""

import sys

from tests.cases import cases, golden, text

for case in cases():
    if len(sys.argv) > 1 and case.analyzer not in sys.argv[1:]:
        continue
    new = text(golden(case))
    old = case.expected.read_text(encoding="utf-8") if case.expected.exists() else None
    if new != old:
        case.expected.write_text(new, encoding="utf-8")
        print(f"{case}: {'written' if old is None else 'changed'}")
