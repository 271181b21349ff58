"""A RIFF of 4 GiB with a chunk of 4 GiB, in 40 bytes."""


def build() -> bytes:
    return b"RIFF\xff\xff\xff\xffWAVEfmt \xff\xff\xff\xff" + bytes(20)
