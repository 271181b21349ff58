"""Cut in the middle of the text."""

from tests.builders.pe_resources import MANIFEST, Resource, image

TEXT = b'<assembly><trustInfo><requestedExecutionLevel level="requireAdministrator" uiAccess="true"/></trustInfo>'


def build() -> bytes:
    data = image([Resource(MANIFEST, 1, TEXT + b"<file name='x'/>" * 50 + b"</assembly>")])
    return data[: data.find(TEXT) + len(TEXT) + 40]
