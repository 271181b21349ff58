"""A document with a comment, entities and sections, and the white space behind it."""


def build() -> bytes:
    kinds = b"<!DOCTYPE whale [<!ENTITY krill 'what feeds it'><!ELEMENT whale ANY>]>"
    body = b"<w:whale xmlns:w='urn:whale' a='1>0'><b/><![CDATA[</no>]]><!-- %s -->&krill;</w:whale>" % (b"krill " * 8)
    return b'<?xml version="1.0" encoding="utf-8"?>\n<?style a?>' + kinds + body + b"\n<!-- end -->\n\n"
