"""Documents: what people read."""

from rorqual.analyzers.later import Later
from rorqual.sdk import Analyzer, Anchor


def probes() -> tuple[Analyzer, ...]:
    """The probes, each loaded when something first wakes it."""
    return (
        Later(
            "pdf",
            "formats.documents.pdf:PDF",
            Anchor(rb"%PDF-"),
            Anchor(rb"%!PS-Adobe-[1-3]\.[0-9] PDF-[12]\.[0-9]"),
        ),
        Later(
            "html",
            "formats.documents.html:HTML",
            Anchor(rb"<![dD][oO][cC][tT][yY][pP][eE] [hH][tT][mM][lL][ >\r\n\t]"),
            Anchor(rb"<[hH][tT][mM][lL][ >\r\n\t]"),
        ),
        Later("ole", "formats.documents.ole:OLE", Anchor(rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")),
        Later("rtf", "formats.documents.rtf:RTF", Anchor(rb"\{\\rt[^ ]")),
        Later("xml", "formats.documents.xml:XML", Anchor(rb"<\?xml[ \t\r\n]"), Anchor(rb"<svg[ >\t\r\n]")),
    )
