"""An id that no key vouches for, a field that nobody reads, and bytes behind the last."""

from tests.builders.archives_packages import crx3, message
from tests.builders.archives_zip import ZipItem, zip_archive


def build() -> bytes:
    archive = zip_archive(ZipItem(b"manifest.json", b"{}"))
    return crx3(
        archive, name=b"somebody else's!", more=message((77, b"a private field")) + b"\xff" * 3 + b"not a field"
    )
