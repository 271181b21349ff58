"""ZIP and what is built on it: told apart by the members that come first.

The local headers are walked from the start (APPNOTE 4.3.7), at most MEMBERS of them; where a size is left
to a data descriptor the walk ends. The central directory is not read: from a pipe it comes last, and the
ZIP probe has it. Deliberately no reading of member content but a stored `mimetype` of up to 128 bytes, as
EPUB and OpenDocument have.
"""

from collections.abc import Iterator

from rorqual.analyzers.formats.type_head import Check, Guess, Head

MEMBERS = 1024  # wheels tell by the last of them
ENOUGH = 48  # members that show what it is, if any name has told
METHODS = {0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 12, 14, 16, 18, 19, 20, 93, 94, 95, 96, 97, 98, 99}

MIMETYPES = (
    (b"application/epub+zip", "epub"),
    (b"application/vnd.oasis.opendocument.text", "odt"),
    (b"application/vnd.oasis.opendocument.spreadsheet", "ods"),
    (b"application/vnd.oasis.opendocument.presentation", "odp"),
    (b"application/vnd.oasis.opendocument.graphics", "odg"),
    (b"application/vnd.oasis.opendocument.formula", "odf"),
)

# (start of a member's name, end of it, the format), the first that holds for any member; order is precedence.
NAMES = (
    (b"AndroidManifest.xml", b"", "apk"),
    (b"classes.dex", b"", "apk"),
    (b"resources.arsc", b"", "apk"),
    (b"R.txt", b"", "aar"),
    (b"Payload/", b"", "ipa"),
    (b"AppxManifest.xml", b"", "msix"),
    (b"AppxBlockMap.xml", b"", "msix"),
    (b"extension.vsixmanifest", b"", "vsix"),
    (b"word/", b"", "docx"),
    (b"xl/", b"", "xlsx"),
    (b"ppt/", b"", "pptx"),
    (b"visio/", b"", "vsdx"),
    (b"3D/", b".model", "3mf"),
    (b"FixedDocSeq.fdseq", b"", "xps"),
    (b"FixedDocumentSequence.fdseq", b"", "xps"),
    (b"META-INF/mozilla.rsa", b"", "xpi"),
    (b"META-INF/cose.manifest", b"", "xpi"),
    (b"install.rdf", b"", "xpi"),
    (b"EGG-INFO/", b"", "egg"),
    (b"WEB-INF/", b"", "war"),
    (b"META-INF/application.xml", b"", "ear"),
    (b"META-INF/MANIFEST.MF", b"", "jar"),
    (b"META-INF/maven/", b"", "jar"),
    (b"doc.kml", b"", "kmz"),
)


def members(head: Head) -> Iterator[tuple[int, bytes, bytes]]:
    """(offset, name, local header) of the first members."""
    at = 0
    for _ in range(MEMBERS):
        header = head.read(at, 30 + 128)
        if header[:4] != b"PK\3\4" or len(header) < 30:
            return
        size, name, extra = (
            int.from_bytes(header[18:22], "little"),
            int.from_bytes(header[26:28], "little"),
            int.from_bytes(header[28:30], "little"),
        )
        yield at, header[30 : 30 + name], header[:30]
        if header[6] & 8 and size == 0 and header[8:10] != b"\0\0":
            at = _after(head, at + 30 + name + extra)
            if at < 0:
                return
        elif size == 0xFFFFFFFF:
            return
        else:
            at += 30 + name + extra + size
            if header[6] & 8:  # a data descriptor, with or without its signature
                at += 16 if head.has(at, b"PK\7\x08") else 12


def _after(head: Head, at: int) -> int:
    """Where the next local header stands, if it is still in the head; -1 if not."""
    return head.data.find(b"PK\3\4", at)


def zip_(head: Head) -> Guess | None:
    """A local header whose fields make sense; then the flavour by mimetype and names."""
    if head.data[:4] == b"PK\5\6":
        return Guess("zip", "structure") if head.read(4, 16) == bytes(16) else None
    walk = list(members(head))
    if not walk:
        return Guess("zip", "magic") if len(head.data) < 30 else None
    header = walk[0][2]
    if int.from_bytes(header[8:10], "little") not in METHODS or header[4] > 99:
        return None
    return Guess(_flavour(head, walk), "structure" if len(walk) > 1 else "fields")


def _flavour(head: Head, walk: list[tuple[int, bytes, bytes]]) -> str:
    names = [name for _, name, _ in walk]
    _, first, header = walk[0]
    if first == b"mimetype" and header[8:10] == b"\0\0":
        content = head.read(
            30 + 8 + int.from_bytes(header[28:30], "little"),
            min(int.from_bytes(header[22:26], "little"), 128),
        )
        for mimetype, format in MIMETYPES:
            if content == mimetype or content == mimetype + b"-template":
                return format
    for start, end, format in NAMES:
        if any(name.startswith(start) and name.endswith(end) for name in names):
            return format
    if all(name.endswith(b".npy") for name in names):
        return "npz"
    for end, format in ((b".nuspec", "nupkg"), (b".dist-info/METADATA", "whl"), (b".dist-info/WHEEL", "whl")):
        if any(name.endswith(end) for name in names):
            return format
    if b"manifest.json" in names and any(name.startswith(b"META-INF/") for name in names):
        return "xpi"
    if b"[Content_Types].xml" in names:
        return "ooxml"
    return "zip"


CHECKS: dict[str, Check] = {"zip": zip_}
