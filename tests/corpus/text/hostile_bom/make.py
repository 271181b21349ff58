"""A byte order mark of UTF-16, good text, and then a lone surrogate: no text."""


def build() -> bytes:
    return "\ufeffgood so far\n".encode("utf-16-le") + b"\x00\xd8a\0"
