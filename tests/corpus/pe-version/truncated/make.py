"""Cut in the string table."""

from tests.builders.pe_resources import VERSION, Resource, image, version


def build() -> bytes:
    data = image([Resource(VERSION, 1, version({"CompanyName": "Example Ltd", "ProductName": "Example"}))])
    return data[: data.find("ProductName".encode("utf-16-le")) + 9]
