"""The trailer is not there, and the block is: no extent."""

import bz2


def build() -> bytes:
    return bz2.compress(b"small and many\n" * 20)[:-10]
