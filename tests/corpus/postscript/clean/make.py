"""A document with another in it, between other bytes."""


def build() -> bytes:
    head = b"%!PS-Adobe-3.0 EPSF-3.0\n%%Title: (On whales)\n%%Creator: krill\n%%BoundingBox: 0 0 9 9\n%%EndComments\n"
    inner = b"%%BeginDocument: a.eps\n%!PS-Adobe-3.0\nnewpath\n%%EOF\n%%EndDocument\n"
    return b"before\n" + head + inner + b"9 9 moveto (whale) show\nshowpage\n%%Trailer\n%%EOF\r\n" + b"after"
