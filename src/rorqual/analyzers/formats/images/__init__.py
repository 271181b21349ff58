"""Images.

walking.py     what a walk gathers, reading ahead
png_chunks.py  chunks of PNG and its relatives
"""

from rorqual.analyzers.later import Later
from rorqual.sdk import Analyzer, Anchor

MNG = (Anchor(rb"\x8aMNG\r\n\x1a\n"), Anchor(rb"\x8bJNG\r\n\x1a\n"))
BMP = (
    Anchor(rb"BM[\x00-\xff]{8}[\x00-\xff]{3}\x00[\x10-\x40\x6c\x7c]\x00\x00\x00[\x00-\xff]{8}\x01\x00[\x00-\x40]\x00"),
    Anchor(rb"BM[\x00-\xff]{8}[\x00-\xff]{3}\x00\x0c\x00\x00\x00[\x00-\xff]{4}\x01\x00[\x01-\x20]\x00"),
)
ICO = (
    Anchor(
        rb"\x00\x00\x01\x00[\x01-\x80]\x00[\x00-\xff]{3}[\x00\xff][\x00\x01]\x00[\x00-\x20]\x00[\x00-\xff]{3}\x00[\x00-\xff]{3}\x00"
    ),
    Anchor(
        rb"\x00\x00\x02\x00[\x01-\x80]\x00[\x00-\xff]{3}\x00[\x00-\xff]\x00[\x00-\xff]\x00[\x00-\xff]{3}\x00[\x00-\xff]{3}\x00"
    ),
)
TIFF = (
    Anchor(rb"II\x2a\x00[\x00-\xff]{4}"),
    Anchor(rb"MM\x00\x2a[\x00-\xff]{4}"),
    Anchor(rb"II\x2b\x00\x08\x00\x00\x00"),
    Anchor(rb"MM\x00\x2b\x00\x08\x00\x00"),
)
PNM = (
    Anchor(rb"P[1-6][\x09\x0a\x0d\x20][1-9][0-9\x09\x0a\x0d\x20]{3}"),
    Anchor(rb"P[1-6][\x0a\x0d]#[\x00-\xff]{4}"),
    Anchor(rb"P7\x0a[WHDMT#][IEAU ]"),
    Anchor(rb"P[fF]\x0a[1-9][0-9 \x0a][0-9 \x0a]"),
)
WMF = (
    Anchor(rb"\xd7\xcd\xc6\x9a\x00\x00"),
    Anchor(
        rb"[\x01\x02]\x00\x09\x00\x00[\x01\x03][\x00-\xff]{3}[\x00-\x3f][\x00-\xff]{2}[\x00-\xff]{3}[\x00-\x3f]\x00\x00"
    ),
)


def probes() -> tuple[Analyzer, ...]:
    """The probes, each loaded when something first wakes it."""
    return (
        Later("png", "formats.images.png:PNG", Anchor(rb"\x89PNG\r\n\x1a\n")),
        Later("mng", "formats.images.mng:MNG", *MNG),
        Later(
            "jpeg",
            "formats.images.jpeg:JPEG",
            Anchor(rb"\xff\xd8\xff[\xc0-\xc3\xc4-\xc7\xc9-\xcf\xdb-\xdf\xe0-\xf8\xfe\xff]"),
        ),
        Later("gif", "formats.images.gif:GIF", Anchor(rb"GIF8[79]a")),
        Later("bmp", "formats.images.bmp:BMP", *BMP),
        Later("ico", "formats.images.ico:ICO", *ICO),
        Later("tiff", "formats.images.tiff:TIFF", *TIFF),
        Later("webp", "formats.images.webp:WebP", Anchor(rb"RIFF[\x00-\xff]{4}WEBPVP8[ LX]")),
        Later("psd", "formats.images.psd:PSD", Anchor(rb"8BPS\x00[\x01\x02]\x00\x00\x00\x00\x00\x00\x00[\x01-\x38]")),
        Later("dicom", "formats.images.dicom:DICOM", Anchor(rb"DICM[\x00-\x7f]\x00[\x00-\xff]{2}", back=128)),
        Later("jp2", "formats.images.jp2:JP2", Anchor(rb"\x00\x00\x00\x0cjP[\x20\x1a][\x20\x1a]\x0d\x0a\x87\x0a")),
        Later("j2k", "formats.images.j2k:J2K", Anchor(rb"\xff\x4f\xff\x51[\x00-\xbf][\x00-\xff][\x00-\xff]{2}")),
        Later("jxl", "formats.images.jxl:JXL", Anchor(rb"\x00\x00\x00\x0cJXL\x20\x0d\x0a\x87\x0a")),
        Later(
            "heif",
            "formats.images.heif:HEIF",
            Anchor(
                rb"\x00\x00[\x00-\x01][\x00-\xff]ftyp(?:heic|heix|heim|heis|hevc|hevx|hevm|hevs|mif1|mif2|msf1|avif|avis|avio)"
            ),
        ),
        Later("pnm", "formats.images.pnm:PNM", *PNM),
        Later("bpg", "formats.images.bpg:BPG", Anchor(rb"BPG\xfb[\x00-\xb6][\x00-\xff]")),
        Later(
            "icc",
            "formats.images.icc:ICC",
            Anchor(
                rb"acsp[\x00-\xff]{8}[\x00-\xff]{16}\x00\x00\x00[\x00-\x03]\x00\x00[\x00-\xff]{2}\x00[\x00\x01]",
                back=36,
            ),
        ),
        Later("ilda", "formats.images.ilda:ILDA", Anchor(rb"ILDA\x00\x00\x00[\x00-\x05]")),
        Later("xcf", "formats.images.xcf:XCF", Anchor(rb"gimp xcf [fv][i0-9][l0-9][e0-9]\x00")),
        Later("tga", "formats.images.tga:TGA", Anchor(rb"TRUEVISION-XFILE\.\x00", back=8)),
        Later(
            "pcx",
            "formats.images.pcx:PCX",
            Anchor(
                rb"\x0a[\x00\x02-\x05]\x01[\x01\x02\x04\x08][\x00-\xff][\x00-\x0f][\x00-\xff][\x00-\x0f][\x00-\xff][\x00-\x1f][\x00-\xff][\x00-\x1f]"
            ),
        ),
        Later("qoi", "formats.images.qoi:QOI", Anchor(rb"qoif[\x00-\xff]{8}[\x03\x04][\x00\x01]")),
        Later(
            "sunraster",
            "formats.images.sunraster:SunRasterProbe",
            Anchor(rb"\x59\xa6\x6a\x95\x00[\x00-\xff]{3}\x00[\x00-\xff]{3}\x00\x00\x00[\x01\x08\x18\x20]"),
        ),
        Later("xbm", "formats.images.xbm:XBM", Anchor(rb"_width [1-9]")),
        Later("xpm", "formats.images.xpm:XPM", Anchor(rb"/\x2a XPM \x2a/")),
        Later("wmf", "formats.images.wmf:WMF", *WMF),
        Later("emf", "formats.images.emf:EMF", Anchor(rb"\x20EMF[\x00-\xff]{2}\x01\x00", back=40)),
    )
