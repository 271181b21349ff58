"""BCJ2: x86 code in four streams: the code, targets of calls, those of jumps, and which branches have one of them.

7-Zip's Bcj2.h: the fourth stream is range coded, one bit for each e8, e9 or 0f 8x, with one model for e9, one for 0f 8x
and one for e8 behind each byte.
"""

import re
from collections.abc import Iterator

from rorqual.sdk import Malformed

PIECE = 64 << 10
_BRANCH = re.compile(rb"[\xe8\xe9]|\x0f[\x80-\x8f]")
_TOP, _MODEL_BITS, _MOVE = 1 << 24, 11, 5


class _Bytes:
    """Takes bytes off pieces."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._data = b""
        self._at = 0

    def take(self, size: int) -> bytes:
        while len(self._data) - self._at < size:
            piece = next(self._pieces, b"")
            if not piece:
                break
            self._data, self._at = self._data[self._at :] + piece, 0
        self._at += size
        return self._data[self._at - size : self._at]


class _Branches:
    """Decodes the bits that tell which branches have a target elsewhere."""

    def __init__(self, source: _Bytes, offset: int) -> None:
        self._source, self._offset = source, offset
        self._code = int.from_bytes(source.take(5), "big") & 0xFFFFFFFF
        self._range = 0xFFFFFFFF
        self._models = [1 << (_MODEL_BITS - 1)] * 258

    def bit(self, model: int) -> bool:
        if self._range < _TOP:
            more = self._source.take(1)
            if not more:
                raise Malformed(self._offset, "more of the BCJ2 range coder's bytes")
            self._range = self._range << 8 & 0xFFFFFFFF
            self._code = (self._code << 8 | more[0]) & 0xFFFFFFFF
        chance = self._models[model]
        bound = (self._range >> _MODEL_BITS) * chance
        if self._code < bound:
            self._range = bound
            self._models[model] = chance + (((1 << _MODEL_BITS) - chance) >> _MOVE)
            return False
        self._range -= bound
        self._code -= bound
        self._models[model] = chance - (chance >> _MOVE)
        return True


def bcj2(streams: list[Iterator[bytes]], size: int, offset: int) -> Iterator[bytes]:
    """The code of `size` bytes that the four streams make."""
    calls, jumps = _Bytes(streams[1]), _Bytes(streams[2])
    branches = _Branches(_Bytes(streams[3]), offset)
    made, last = 0, 0  # bytes put out, and the last of them
    for piece in streams[0]:
        for data in (piece[at : at + PIECE] for at in range(0, len(piece), PIECE)):
            out = bytearray()
            at = 0
            while at < len(data) and made + len(out) < size:
                if last == 0x0F and data[at] & 0xF0 == 0x80:  # the 0f is of a piece or a target before
                    branch, end = data[at], at + 1
                else:
                    found = _BRANCH.search(data, at)
                    if found is None:
                        out += data[at:]
                        last = data[-1]
                        break
                    end = found.end()
                    branch = data[end - 1]
                before = data[end - 2] if end - 2 >= at else last
                out += data[at:end]
                at, last = end, branch
                model = before if branch == 0xE8 else 256 if branch == 0xE9 else 257
                if made + len(out) < size and branches.bit(model):
                    target = (calls if branch == 0xE8 else jumps).take(4)
                    if len(target) < 4:
                        raise Malformed(offset, "the target of each branch")
                    relative = (int.from_bytes(target, "big") - made - len(out) - 4) & 0xFFFFFFFF
                    out += relative.to_bytes(4, "little")
                    last = out[-1]
            del out[max(0, size - made) :]
            made += len(out)
            yield bytes(out)
