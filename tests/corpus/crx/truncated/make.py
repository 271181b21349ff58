"""An extension that ends within its archive."""

from tests.builders.archives_packages import crx3
from tests.builders.archives_zip import ZipItem, zip_archive


def build() -> bytes:
    return crx3(zip_archive(ZipItem(b"manifest.json", b'{"manifest_version": 3}' * 3)))[:-60]
