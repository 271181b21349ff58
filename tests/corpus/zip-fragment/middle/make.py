"""Members in the middle of other data, the last overwritten from behind; then a whole archive, which is no fragment."""

from tests.builders.archives_zip import ZipItem, zip_archive, zip_local


def build() -> bytes:
    lost = b"".join(zip_local(ZipItem(b"%d.txt" % number, b"recovered from here" * 2)) for number in (1, 2, 3))
    return b"a disk" * 9 + lost + b"something else" * 9 + zip_archive(ZipItem(b"whole.txt", b"whole " * 9))
