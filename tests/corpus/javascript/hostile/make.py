"""Code before another comment, which spans the rest; what looks like code in there is none."""


def build() -> bytes:
    return b"BM/*\0\0" + b"*\0/" * 20 + b"*/=feed('krill');/*" + b"\0\xff" * 30 + b"*/feed(\0)"
