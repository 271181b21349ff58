"""Declarations without a document, and documents further in: nothing may be said of these."""


def build() -> bytes:
    return b"<?xml version='1.0'?> is how <a><b></a></b> begins\n<?xml version='1.0'?><whale/><svg></svg>"
