"""A file with a name, an application's chunk and samples."""

from tests.builders.audiovisual_sound import aiff, chunk


def build() -> bytes:
    return (
        b"before" + aiff(chunk(b"NAME", b"a whale!", order=">"), chunk(b"APPL", b"stoc-hidden", order=">")) + b"after"
    )
