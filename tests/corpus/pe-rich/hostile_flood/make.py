"""A stub full of end marks, each with another key, and of what begins a header under the last one's."""

from tests.builders.pe import Image
from tests.builders.pe import build as image


def build() -> bytes:
    flood = b"".join(b"Rich" + n.to_bytes(4, "little") for n in range(900))
    flood += b"DanS"[::-1] * 300 + b"RichRich" * 20
    return image(Image(e_lfanew=0x40 + len(flood) + 12, patches={0x40: flood}))
