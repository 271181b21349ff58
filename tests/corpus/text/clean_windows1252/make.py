"""Typographic quotes as Windows has them, mixed line ends."""


def build() -> bytes:
    return "“Où est donc passé le café ?”\r\nIl l’a bu.\n".encode("cp1252") * 3
