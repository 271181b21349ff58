"""The usual way: read the whole file, hash it, search it, parse it with pefile if it is a PE.

    python bench/naive.py FILE LIMIT

LIMIT bytes of address space are all it gets. Exits with 3 when that is not enough.
"""

import hashlib
import re
import resource
import sys

SIGNATURES = (
    rb"PK\x03\x04",
    rb"\x89PNG\r\n\x1a\n",
    rb"%PDF-1\.[0-7]",
    rb"\x1f\x8b\x08[\x00-\x1f]",
    rb"Rar!\x1a\x07",
    rb"7z\xbc\xaf\x27\x1c",
    rb"\x7fELF[\x01\x02]",
    rb"\xff\xd8\xff[\xe0-\xef]",
    rb"-----BEGIN [A-Z ]{3,32}-----",
    rb"https?://[\x21-\x7e]{4,256}",
)


def main(path: str, limit: str) -> int:
    resource.setrlimit(resource.RLIMIT_AS, (int(limit), int(limit)))
    import pefile  # noqa: PLC0415 - a bench of other things does without it

    try:
        with open(path, "rb") as file:
            data = file.read()
        for name in ("md5", "sha1", "sha256"):
            print(name, hashlib.new(name, data, usedforsecurity=False).hexdigest())
        for signature in SIGNATURES:
            print(signature, sum(1 for _ in re.finditer(signature, data)))
        if data[:2] == b"MZ":
            try:
                print(len(pefile.PE(data=data).sections))
            except pefile.PEFormatError as error:
                print(error)
    except MemoryError:
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
