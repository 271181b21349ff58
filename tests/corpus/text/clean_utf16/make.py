"""UTF-16 little-endian without a byte order mark, with a surrogate pair."""


def build() -> bytes:
    return "Every other byte is zero, but for \U0001f40b and €.\n".encode("utf-16-le") * 3
