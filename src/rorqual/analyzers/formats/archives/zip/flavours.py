"""What is built on ZIP, told by the names of members; ids are those of the table of formats."""

from rorqual.analyzers.formats.archives.zip.records import Entry

MIMETYPES = {
    b"application/epub+zip": "epub",
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.text-master": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
    b"application/vnd.oasis.opendocument.presentation": "odp",
    b"application/vnd.oasis.opendocument.graphics": "odg",
    b"application/vnd.oasis.opendocument.formula": "odf",
}
# Whole names; the earlier in ORDER wins.
WHOLE = {
    b"AndroidManifest.xml": "apk",
    b"classes.dex": "apk",
    b"resources.arsc": "apk",
    b"classes.jar": "aar",
    b"AppxManifest.xml": "msix",
    b"AppxBlockMap.xml": "msix",
    b"extension.vsixmanifest": "vsix",
    b"FixedDocSeq.fdseq": "xps",
    b"FixedDocumentSequence.fdseq": "xps",
    b"META-INF/mozilla.rsa": "xpi",
    b"META-INF/cose.manifest": "xpi",
    b"install.rdf": "xpi",
    b"META-INF/application.xml": "ear",
    b"META-INF/MANIFEST.MF": "jar",
    b"META-INF/container.xml": "epub",
    b"[Content_Types].xml": "ooxml",
    b"doc.kml": "kmz",
}
STARTS = {  # the first part of a path
    b"Payload": "ipa",
    b"word": "docx",
    b"xl": "xlsx",
    b"ppt": "pptx",
    b"visio": "vsdx",
    b"EGG-INFO": "egg",
    b"WEB-INF": "war",
    b"3D": "3mf",
}
ENDS = ((b".nuspec", "nupkg"), (b".dist-info/WHEEL", "whl"), (b".dist-info/METADATA", "whl"))
ORDER = ("aar", "apk", "ipa", "msix", "vsix", "docx", "xlsx", "pptx", "vsdx", "3mf", "xps", "xpi", "egg", "war", "ear")
LATER = ("jar", "nupkg", "whl", "epub", "kmz", "ooxml")
NEED_TYPES = ("docx", "xlsx", "pptx", "vsdx", "3mf", "msix", "vsix")  # packages by OPC: they list their content types


class Flavour:
    """Looks at one name after another."""

    def __init__(self) -> None:
        self._seen: set[str] = set()
        self._plain = False  # any that is no NumPy array
        self._any = False
        self._metadata = False
        self._manifest = False

    def see(self, entry: Entry) -> None:
        """Takes the next member's name."""
        name = entry.name
        self._any = True
        if (found := WHOLE.get(name)) is not None:
            self._seen.add(found)
        slash = name.find(b"/")
        if slash >= 0:
            if (found := STARTS.get(name[:slash])) is not None and self._fits(found, name):
                self._seen.add(found)
            self._metadata |= name.startswith(b"META-INF/")
        elif name == b"manifest.json":
            self._manifest = True
        if name.endswith((b".nuspec", b".dist-info/WHEEL", b".dist-info/METADATA")):
            self._seen.update(found for end, found in ENDS if name.endswith(end))
        self._plain |= not name.endswith(b".npy")

    @staticmethod
    def _fits(found: str, name: bytes) -> bool:
        if found == "ipa":
            return b".app/" in name
        return found != "3mf" or name.endswith(b".model")

    def told(self, mimetype: bytes) -> str:
        """The format; `mimetype` is the content of the stored member of that name, where it is the first."""
        if (found := MIMETYPES.get(mimetype.removesuffix(b"-template").strip())) is not None:
            return found
        seen = self._seen
        for one in ORDER:
            if one in seen and (one not in NEED_TYPES or "ooxml" in seen):
                return one
        if self._manifest and self._metadata and "jar" in seen:
            return "xpi"
        for one in LATER:
            if one in seen:
                return one
        return "npz" if self._any and not self._plain else "zip"
