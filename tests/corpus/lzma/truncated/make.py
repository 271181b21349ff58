"""The end is not there, and enough is."""

import lzma


def build() -> bytes:
    text = b"".join(b"%d whales eat %d of what is small and many\n" % (at, at**3) for at in range(9))
    return lzma.compress(text, lzma.FORMAT_ALONE)[:-20]
