"""Names that climb, a link that leads outside, records nobody knows, and a number without an end."""

from tests.builders.solid_rar import block5, end5, file5, main5, number, record5


def build() -> bytes:
    link = record5(5, number(1) + number(0) + number(11) + b"/etc/shadow")
    odd = record5(99, b"anything may stand here")
    members = file5(b"../../run.sh", b"#!/bin/sh", extra=odd) + file5(b"link", b"", extra=link)
    return main5() + members + block5(9, b"a type that nobody knows") + block5(2, b"\xff" * 12) + end5()
