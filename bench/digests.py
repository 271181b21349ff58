"""The baseline of every scan: MD5, SHA-1 and SHA-256 computed one after the other over each block of a file.

    python bench/digests.py FILE

Of the two ways to read "one after the other" this is the faster, hence the harder to beat: the file is read
once, and each block updates all three; three passes read it three times. The buffer begins on a page, as
reading into any other address costs up to four times as much on some machines.
"""

import hashlib
import mmap
import sys

BLOCK = 8 << 20


def main(path: str) -> None:
    hashers = [hashlib.new(name, usedforsecurity=False) for name in ("md5", "sha1", "sha256")]
    block = memoryview(mmap.mmap(-1, BLOCK))
    with open(path, "rb", buffering=0) as file:
        while got := file.readinto(block):
            for hasher in hashers:
                hasher.update(block[:got])
    for hasher in hashers:
        print(hasher.hexdigest())


if __name__ == "__main__":
    main(sys.argv[1])
