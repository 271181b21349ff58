"""Cut in the second text of a bundle."""

from tests.builders.pe_resources import STRING, Resource, bundle, image


def build() -> bytes:
    data = image([Resource(STRING, 1, bundle({1: "whole", 2: "cut in the middle of it"}))])
    return data[: data.find("middle".encode("utf-16-le"))]
