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
            "eml",
            "formats.documents.mail:Mail",
            Anchor(rb"[Mm][Ii][Mm][Ee]-[Vv][Ee][Rr][Ss][Ii][Oo][Nn]:"),
            Anchor(rb"[Mm][Ee][Ss][Ss][Aa][Gg][Ee]-[Ii][Dd]:"),
            Anchor(rb"[Ff][Rr][Oo][Mm]: [\x20-\x7e][\x20-\x7e]"),
        ),
        Later("epsbin", "formats.documents.epsbin:EPSBin", Anchor(rb"\xc5\xd0\xd3\xc6[\x00-\xff]{3}[\x00-\x7f]")),
        Later(
            "html",
            "formats.documents.html:HTML",
            Anchor(rb"<![dD][oO][cC][tT][yY][pP][eE] [hH][tT][mM][lL][ >\r\n\t]"),
            Anchor(rb"<[hH][tT][mM][lL][ >\r\n\t]"),
        ),
        Later(
            "javascript",
            "formats.documents.javascript:JavaScript",
            Anchor(rb"GIF8[79]a/\*"),
            Anchor(rb"GIF8[79]a=[\x00-\xff]"),
            Anchor(rb"BM/\*[\x00-\xff]{2}"),
            Anchor(rb"RIFF/\*"),
            Anchor(rb"RIFF=[\x00-\xff]{2}\x00"),
            Anchor(rb"\xff\xd8\xff\xe0/\*"),
        ),
        Later(
            "lnk",
            "formats.documents.lnk:Lnk",
            Anchor(rb"L\x00\x00\x00\x01\x14\x02\x00\x00\x00\x00\x00\xc0\x00\x00\x00\x00\x00\x00F"),
        ),
        Later("ole", "formats.documents.ole:OLE", Anchor(rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")),
        Later(
            "one",
            "formats.documents.onenote:OneNote",
            Anchor(rb"\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d\xae\xb1\x53\x78\xd0\x29\x96\xd3"),
            Anchor(rb"\xa1\x2f\xff\x43\xd9\xef\x76\x4c\x9e\xe2\x10\xea\x57\x22\x76\x5f"),
            Anchor(rb"\xe7\x16\xe3\xbd\x65\x26\x11\x45\xa4\xc4\x8d\x4d\x0b\x7a\x9e\xac"),
        ),
        Later("php", "formats.documents.php:PHP", Anchor(rb"<\?[pP][hH][pP][ \t\r\n]")),
        Later("postscript", "formats.documents.postscript:PostScript", Anchor(rb"%!PS[ \r\n-]")),
        Later("rtf", "formats.documents.rtf:RTF", Anchor(rb"\{\\rt[^ ]")),
        Later("xml", "formats.documents.xml:XML", Anchor(rb"<\?xml[ \t\r\n]"), Anchor(rb"<svg[ >\t\r\n]")),
    )
