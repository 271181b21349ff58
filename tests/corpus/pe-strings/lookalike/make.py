"""A bundle as RCDATA."""

from tests.builders.pe_resources import RCDATA, Resource, bundle, image


def build() -> bytes:
    return image([Resource(RCDATA, 6, bundle({0: "not a string table"}))])
