"""A document cut before its end mark: nothing tells where it would be."""


def build() -> bytes:
    return b"%!PS-Adobe-3.0\n%%Title: a\n%%Pages: 1\nnewpath 9 9 moveto 1 1 lin\0\0"
