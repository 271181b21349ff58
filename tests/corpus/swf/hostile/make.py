"""A tag that is longer than the movie, a size that lies, a zlib stream that breaks off."""

from tests.builders.bytecode_files import swf_file


def build() -> bytes:
    good = swf_file()
    return good.replace(b"\xff\x15\x5c", b"\xff\x15\xff") + good[:4] + b"\xff\xff\0\0" + good[8:] + swf_file("CWS")[:60]
