"""A stream with an end mark, one of known size, between other bytes."""

import lzma


def build() -> bytes:
    text = b"".join(b"%d whales eat %d of what is small and many\n" % (at, at**3) for at in range(9))
    stream = lzma.compress(text, lzma.FORMAT_ALONE)
    sized = stream[:5] + len(text).to_bytes(8, "little") + stream[13:]
    return b"before" * 3 + stream + b"between" + sized + b"after"
