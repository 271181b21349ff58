"""The magic number and too few frames."""

from tests.builders.audiovisual_sound import amr


def build() -> bytes:
    return amr(1) + b"\xff#!AMR\nnothing"
