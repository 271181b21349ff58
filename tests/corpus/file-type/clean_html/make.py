"""A document type, in UTF-8."""


def build() -> bytes:
    return "<!DOCTYPE html>\n<html lang='fr'><title>Où ?</title></html>\n".encode()
