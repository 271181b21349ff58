"""A stub whose text has the word in it, and no header."""

from tests.builders.pe import Image
from tests.builders.pe import build as image


def build() -> bytes:
    text = b"DanS and Rich Hickey met; Richard was late, so Rich left.\r\n$"
    return image(Image(e_lfanew=0x100, patches={0x40: text}))
