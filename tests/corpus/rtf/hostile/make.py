"""Foreign bytes in a picture of no kind and in destinations nobody knows; then binary data of no end, and depth."""

from tests.builders.documents_rtf import rtf


def build() -> bytes:
    room = b"{\\pict\\bin000014 }}}PK\3\4{{{{{{{}{\\*\\whale what nobody reads}\\bin9 {{{{{{{{{"
    endless = b"{\\rtf1\\ansi{\\pict\\pngblip\\bin2147483647 abc}}"
    return rtf(room) + b"{\\rtf1" + b"{" * 600 + b"}" * 601 + endless
