"""The records that findings on imports carry."""

from typing import ClassVar, NamedTuple

from rorqual.sdk import frozen


class PEImport(NamedTuple):
    """A function taken from a library."""

    library: str | None
    name: str | None  # of an ordinal too where its library is well known; what is not printable ASCII as \\xNN
    ordinal: int | None  # None: by name
    hint: int | None  # where in the library's table of names the loader is to look first
    rva: int  # of the slot that takes its address
    delay: bool
    bound: int | None  # the address that a binder put there


class PEImportLibrary(NamedTuple):
    """A library's descriptor."""

    name: str | None
    delay: bool
    functions: int  # told
    timestamp: int  # 0: not bound; 0xffffffff: see the bound imports
    forwarder_chain: int
    lookup_rva: int  # as stored
    address_rva: int


class PEBoundModule(NamedTuple):
    """A library as the binder found it."""

    name: str | None
    timestamp: int
    forwarded_by: str | None  # None: the image imports it itself


@frozen
class PEImports:
    """What an image imports; the finding spans the import directory, or the delayed one where there is no other."""

    tag: ClassVar[str] = "pe_imports"
    libraries: int
    functions: int
    by_ordinal: int
    delayed_libraries: int  # not among `libraries`
    delayed_functions: int
    bound_libraries: int  # with a time stamp in their descriptor
    complete: bool  # whether all are told
    import_hash: str | None  # MD5 over "library.function" in order, delayed ones left out: hex digits; None: no imports


@frozen
class PEImportLibraries:
    """Libraries in the order of their descriptors, delayed ones behind; the finding spans the descriptors."""

    tag: ClassVar[str] = "pe_import_libraries"
    first: int  # index of the first row
    rows: tuple[PEImportLibrary, ...]


@frozen
class PEImportTable:
    """Functions in the order of the libraries; the finding spans the thunks that were read for them."""

    tag: ClassVar[str] = "pe_import_table"
    first: int  # index of the first row
    rows: tuple[PEImport, ...]


@frozen
class PEBoundImports:
    """Entries of the bound import directory, each followed by those it forwards to; the finding spans them."""

    tag: ClassVar[str] = "pe_bound_imports"
    first: int  # index of the first row
    rows: tuple[PEBoundModule, ...]
