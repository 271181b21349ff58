"""A Java archive behind a prefix, with a comment, an unknown extra field and a member that a descriptor ends."""

from tests.builders.archives_zip import ZipItem, zip_archive

MANIFEST = b"Manifest-Version: 1.0\r\n\r\n"


def build() -> bytes:
    items = (
        ZipItem(b"META-INF/", method=0, external=0o40755 << 16 | 16),
        ZipItem(b"META-INF/MANIFEST.MF", MANIFEST, extra=b"UT\x05\0\1\0\0\0\0"),
        ZipItem("Größe.txt".encode(), b"as it is", method=0, flags=0x800),
        ZipItem(
            b"a/b.txt", b"deflated " * 9, deferred=True, comment=b"of b", extra=b"zz\x0c\0" + b"anything else"[:12]
        ),
    )
    return b"a prefix" + zip_archive(*items, comment=b"what the archive is about")
