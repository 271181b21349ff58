"""A native image with the metadata's signature in its data, and no CLR header."""

from tests.builders.dotnet import Managed, metadata
from tests.builders.pe import CODE, DATA, Image, Section
from tests.builders.pe import build as build_pe


def build() -> bytes:
    sections = (Section(b".text", b"\xc3" * 32, CODE), Section(b".data", metadata(Managed()), DATA))
    return build_pe(Image(sections=sections))
