"""A manifest as RCDATA, and one behind the image: neither is the program's."""

from tests.builders.pe_resources import RCDATA, Resource, image

TEXT = b'<assembly><requestedExecutionLevel level="requireAdministrator"/></assembly>'


def build() -> bytes:
    return image([Resource(RCDATA, 1, TEXT)]) + TEXT
