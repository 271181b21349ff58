"""Cut within the data of the second of three resources."""

from tests.builders.pe_resources import AT, RCDATA, Resource, image, section


def build() -> bytes:
    resources = [Resource(RCDATA, n, bytes([n]) * 600) for n in (1, 2, 3)]
    data = image(resources)
    return data[: AT + section(resources).find(b"\2" * 600) + 300]
