"""One member with a name, between other bytes."""

import gzip
import io


def build() -> bytes:
    out = io.BytesIO()
    with gzip.GzipFile("notes.txt", "wb", fileobj=out, mtime=1_000_000_000) as member:
        member.write(b"the whale keeps what feeds it\n" * 50)
    return b"before" * 7 + out.getvalue() + b"after"
