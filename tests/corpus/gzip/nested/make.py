"""Four levels, the same stream twice, and a member in a row with another."""

import gzip


def build() -> bytes:
    inmost = gzip.compress(b"at the bottom" * 9, mtime=0)
    middle = gzip.compress(b"on the way" + inmost, mtime=0)
    outer = gzip.compress(middle + inmost, mtime=0)
    return outer + b"-" + outer + b"-" + gzip.compress(b"last", mtime=0)
