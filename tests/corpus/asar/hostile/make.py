"""Names that climb, files that overlap, gaps, sizes and digests that lie."""

from tests.builders.archives_packages import asar


def build() -> bytes:
    tree: dict[str, object] = {
        "..": {"files": {"up.js": {"size": 6, "offset": "0"}}},
        "over": {"size": 9, "offset": "3"},
        "behind": {"size": 4, "offset": "40"},
        "negative": {"size": -5, "offset": "-7"},
        "endless": {"size": 10**30, "offset": "9" * 19},
        "digest": {"size": 4, "offset": "44", "integrity": {"algorithm": "SHA256", "hash": "00" * 32}},
        "no object": 7,
    }
    return asar(tree, b"0123456789ab" + b"nobody reads these bytes....".ljust(28) + b"filelast", padding=b"\1\2\3")
