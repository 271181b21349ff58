"""An assembly with references, a native import and three resources, one of them in the image."""

from tests.builders.dotnet import assembly


def build() -> bytes:
    return assembly()
