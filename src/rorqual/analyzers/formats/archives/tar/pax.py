"""Extended headers of pax: records "LENGTH KEY=VALUE\\n", about the next member or all that follow."""

from collections.abc import Iterator

STANDARD = {
    b"atime",
    b"ctime",
    b"gid",
    b"gname",
    b"hdrcharset",
    b"linkpath",
    b"mtime",
    b"path",
    b"size",
    b"uid",
    b"uname",
    b"LIBARCHIVE.creationtime",
    b"SCHILY.dev",
    b"SCHILY.ino",
    b"SCHILY.nlink",
    b"SCHILY.realsize",
}
RECORDS = 10_000  # of one header


def records(data: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """(where the value begins, key, value). A record whose length lies ends them, told with an empty key."""
    at = 0
    for _ in range(RECORDS):
        if at >= len(data) or not data[at]:
            return
        digits, blank, _ = data[at : at + 20].partition(b" ")
        size = int(digits) if blank and digits.isdigit() else 0
        record = data[at : at + size]
        key, equals, value = record[len(digits) + 1 : -1].partition(b"=")
        if len(record) < size or not size or record[-1:] != b"\n" or not equals or not key:
            yield at, b"", data[at:]
            return
        yield at + len(digits) + 2 + len(key), key, value
        at += size
