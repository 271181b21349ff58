"""A page cut before its end: nothing tells where it would be."""


def build() -> bytes:
    return bytes(20) + b"<!DOCTYPE html><html><head><title>Cut</title></head><body>what fee"
