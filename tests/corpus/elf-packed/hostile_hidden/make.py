"""The magic changed and the sizes zeroed, as malware does that UPX shall not unpack; no pack header."""

from tests.builders.upx import packed


def build() -> bytes:
    return packed(magic=b"YTS!", trailer=False)
