"""The file ends within the metadata's heaps."""

from tests.builders.dotnet import assembly


def build() -> bytes:
    return assembly()[: 0x200 + 72 + 400]
