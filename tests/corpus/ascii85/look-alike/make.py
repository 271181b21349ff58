"""Arrows and words: nothing may be said of these."""


def build() -> bytes:
    return b"<~~~~~~~~~~~~~~~~~~~~~~~~~~~~~> <~abcdefghijklmnopqrstuvw" + b" and words that go on, {not digits}" * 3
