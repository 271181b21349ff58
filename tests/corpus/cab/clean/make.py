"""Two files in MSZIP blocks, the second with the first as its history, between other bytes."""

from tests.builders.solid_cab import cabinet


def build() -> bytes:
    files = [("krill.txt", b"small and many\n" * 30), ("sea\\whale", b"one and big, eats what is small and many\n" * 9)]
    return b"stub" * 5 + cabinet(files) + b"after"
