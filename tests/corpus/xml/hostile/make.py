"""Entities that multiply, one that reads a file, elements in elements."""


def build() -> bytes:
    kinds = b"<!ENTITY a 'aaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'><!ENTITY c SYSTEM 'file:///etc/passwd'>"
    return b"<?xml version='1.0'?><!DOCTYPE x [" + kinds + b"]><x>&b;&c;" + b"<y>" * 200 + b"</y>" * 200 + b"</x>"
