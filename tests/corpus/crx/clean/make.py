"""Versions 3 and 2, one behind the other."""

from tests.builders.archives_packages import crx2, crx3
from tests.builders.archives_zip import ZipItem, zip_archive


def build() -> bytes:
    archive = zip_archive(
        ZipItem(b"manifest.json", b'{"manifest_version": 3}'), ZipItem(b"a.js", b"go()", deferred=True)
    )
    return b"between " + crx3(archive) + b" and " + crx2(archive) + b" more"
