"""A PNG as a member of an archive is embedded, and signatures alone are nothing."""

from tests.builders.several import archive, png


def build() -> bytes:
    return archive("a.png", "b.png", stored=png() + b"PK\\5\\6 %PDF-1.4 Rar!\\x1a\\7\\0")
