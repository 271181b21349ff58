"""Headers that contradict each other, names that climb, links, overlaps, members that are not listed; lengths that lie."""

from tests.builders.archives_zip import ZipItem, zip_archive, zip_local


def build() -> bytes:
    inner = zip_local(ZipItem(b"inner.txt", b"inside another", method=0))
    outer = ZipItem(b"outer.bin", inner, method=0)
    contradicting = ZipItem(b"seen.txt", b"shown", local={"name": b"read.txt", "crc": 1, "method": 0}, method=8)
    items = (
        outer,
        contradicting,
        ZipItem(b"../../etc/passwd", b"root::0:0", method=0),
        ZipItem(b"link", b"/etc/shadow", method=0, external=0o120777 << 16),
        ZipItem(b"hidden.txt", b"nobody lists it", method=0, listed=False),
        ZipItem(b"odd", b"any method", method=77),
        ZipItem(b"locked", b"it is not", method=0, central={"flags": 1}),
        ZipItem(b"link", b"twice", method=0, before=b"what a gap may hold"),
        ZipItem(b"far", b"x", method=0, central={"offset": 0xFFFFFF0}),
        ZipItem(b"crc", b"not what it was", method=0, central={"crc": 7}, local={"crc": 7}),
        ZipItem(b"report\xe2\x80\xaecod.exe", b"y", method=0),
    )
    return zip_archive(*items, comment=b"PK\5\6 once more", end={"entries": 9, "comment": 0xFFFF})
