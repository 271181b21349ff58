"""Another label at the end, letters that are no base64, no end."""

from tests.builders.keys_files import pem_block


def build() -> bytes:
    good = pem_block(b"whale" * 20)
    return good.replace(b"END C", b"END D") + good.replace(b"d2", b"d*") + good[:80]
