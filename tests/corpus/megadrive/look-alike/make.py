"""The name of the console in a text."""


def build() -> bytes:
    return b"x" * 0x100 + b"SEGA MEGA DRIVE games were sold on cartridges. " * 6
