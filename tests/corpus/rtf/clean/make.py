"""A title, hidden text, a picture and a package with a file in it, between other bytes."""

from tests.builders.documents_rtf import ole1, package, rtf


def build() -> bytes:
    info = b"{\\info{\\title On wh\\'e5les}{\\author A. \\{B\\}}}{\\*\\generator Riched20;}"
    picture = b"{\\pict\\pngblip\\picw10 89504e470d0a1a0a\r\n0000000d}"
    digits = ole1(b"Package", package(b"krill.txt", b"what feeds it")).hex().encode()
    held = b"{\\object\\objemb{\\*\\objclass Package}{\\*\\objdata " + digits[:90] + b"\r\n" + digits[90:] + b"}}"
    return b"before" + rtf(info, picture, held, b"{\\v hidden}") + b"after"
