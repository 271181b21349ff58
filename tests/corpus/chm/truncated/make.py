"""The content is not there."""

from tests.builders.solid_others import chm


def build() -> bytes:
    return chm([("/krill.htm", b"<p>small and many</p>")])[:-30]
