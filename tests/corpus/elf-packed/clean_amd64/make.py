"""As UPX 4 leaves a program: l_info and p_info behind the program headers, the pack header at the end."""

from tests.builders.upx import packed


def build() -> bytes:
    return packed()
