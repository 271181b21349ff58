"""Two languages, with the usual strings and a translation each."""

from tests.builders.pe_resources import DE_DE, VERSION, Resource, image, version


def build() -> bytes:
    english = {
        "CompanyName": "Example Ltd",
        "FileVersion": "1.2.3.4",
        "OriginalFilename": "example.exe",
        "Comments": "",
    }
    german = {"CompanyName": "Beispiel GmbH & Söhne", "FileVersion": "1,2,3,4", "InternalName": "beispiel"}
    return image(
        [
            Resource(VERSION, 1, version(english)),
            Resource(VERSION, 1, version(german, key="040704e4"), DE_DE),
        ]
    )
