"""A document with a title and a package that holds a file, between other bytes."""

from tests.builders.documents_ole import compound, summary
from tests.builders.documents_rtf import package


def build() -> bytes:
    held = package(b"krill.txt", b"what feeds it, and what else there is\n" * 2)
    streams = {
        "WordDocument": b"\xec\xa5\xc1\0" + bytes(70),
        "\5SummaryInformation": summary(b"On whales", created=132_000_000_000_000_000),
        "ObjectPool/_1/\1Ole10Native": len(held).to_bytes(4, "little") + held,
    }
    return b"before" + compound(streams) + b"after"
