"""The end cuts the last character of UTF-8 text off."""


def build() -> bytes:
    return "It costs 3 €".encode()[:-1]
