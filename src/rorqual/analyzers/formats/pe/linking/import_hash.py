"""The import hash: MD5 over "library.function" of all imports in their order, in lower case, joined by commas.

https://cloud.google.com/blog/topics/threat-intelligence/tracking-malware-import-hashing names it; what that leaves open
is done as in pefile, whose values are the ones that are exchanged: a library loses the suffixes dll, ocx and sys,
names are cut to 512 bytes, functions with unusual characters in their names are left out, libraries with such are
"*invalid*", and ordinals are named where the library is well known, else "ord" and the number. Windows reads the
address table where the lookup table lies outside the image; so does this, and pefile does not.
"""

import hashlib
from collections.abc import Iterable

from rorqual.analyzers.formats.pe.linking.thunks import Thunk, well_known

HASHED = 512  # bytes of a name
_PLAIN = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_FUNCTIONS = _PLAIN + b"._?@$()<>"
_LIBRARIES = _PLAIN + b"!#$%&'()-@^_`{}~+,.;=[]:\\/"
_SUFFIXES = (b".dll", b".ocx", b".sys")


class ImportHash:
    """Takes libraries one after another, each with some of its functions."""

    __slots__ = ("_count", "_digest")

    def __init__(self) -> None:
        self._digest = hashlib.md5(usedforsecurity=False)
        self._count = 0

    def feed(self, library: bytes | None, thunks: Iterable[Thunk]) -> None:
        """The next functions."""
        if library == b"":
            return
        whole = (b"*invalid*" if library is None or library.translate(None, _LIBRARIES) else library).lower()
        stem = whole[:-4] if whole.endswith(_SUFFIXES) else whole
        parts = []
        for thunk in thunks:
            name = (thunk.name or b"")[:HASHED]
            if thunk.ordinal:
                name = (well_known(whole.decode(), thunk.ordinal) or f"ord{thunk.ordinal}").encode()
            if name and not name.translate(None, _FUNCTIONS):
                parts.append(stem + b"." + name.lower())
        if parts:
            self._digest.update(b"," * (self._count > 0) + b",".join(parts))
            self._count += len(parts)

    def hexdigest(self) -> str | None:
        """Hex digits; None: there is nothing to hash."""
        return self._digest.hexdigest() if self._count else None
