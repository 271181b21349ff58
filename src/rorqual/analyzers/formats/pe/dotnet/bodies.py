"""The records that findings on managed images carry. Names are as stored, what is not printable as escapes."""

from typing import ClassVar, NamedTuple

from rorqual.sdk import frozen


class DotNetStream(NamedTuple):
    """A stream of the metadata."""

    name: str
    rva: int
    size: int  # as declared


class DotNetTable(NamedTuple):
    """A table of the metadata."""

    name: str
    rows: int  # as declared


class DotNetReference(NamedTuple):
    """An assembly that is referred to."""

    name: str
    version: str
    culture: str
    public_key_token: str | None  # 16 hex digits


class DotNetAttribute(NamedTuple):
    """An attribute of the assembly whose one argument is a text."""

    name: str
    value: str | None


class DotNetResource(NamedTuple):
    """A manifest resource that lies elsewhere."""

    name: str
    public: bool
    file: str | None  # it is in a file of this name
    assembly: str | None  # it is in this assembly


class DotNetImport(NamedTuple):
    """A native function that is called (P/Invoke)."""

    module: str
    name: str


@frozen
class DotNet:
    """The CLR header of a managed image and what its metadata say; the finding spans that header."""

    tag: ClassVar[str] = "pe_dotnet"
    runtime: str  # major.minor of the runtime the header asks for
    version: str  # of the runtime, as the metadata have it: "v4.0.30319"
    flags: tuple[str, ...]
    entry_point: str | None  # Namespace.Type::Method, a file, or the native address
    entry_point_token: int
    strong_name: bool  # whether there is room for a strong name signature
    ready_to_run: bool  # whether there is native code beside the managed
    metadata_rva: int
    metadata_size: int
    streams: tuple[DotNetStream, ...]
    tables: tuple[DotNetTable, ...]
    module: str
    mvid: str | None
    assembly: str | None  # None: a module without a manifest
    assembly_version: str | None
    culture: str | None
    public_key_token: str | None
    typelib_id: str | None  # of GuidAttribute
    target_framework: str | None
    attributes: tuple[DotNetAttribute, ...]
    references: int  # assemblies referred to
    resources: int  # manifest resources
    imports: int  # native functions called


@frozen
class DotNetReferences:
    """Assemblies that are referred to; the finding spans the metadata."""

    tag: ClassVar[str] = "pe_dotnet_references"
    first: int  # index of the first row
    rows: tuple[DotNetReference, ...]


@frozen
class DotNetImports:
    """Native functions that are called; the finding spans the metadata."""

    tag: ClassVar[str] = "pe_dotnet_imports"
    first: int
    rows: tuple[DotNetImport, ...]


@frozen
class DotNetEmbedded:
    """A manifest resource in the image; the finding spans its bytes."""

    tag: ClassVar[str] = "pe_dotnet_resource"
    name: str
    public: bool
    size: int  # as declared
    content: str | None  # format id, by the first bytes
    entropy: float | None = None
    sha256: str | None = None


@frozen
class DotNetLinked:
    """Manifest resources that lie elsewhere; the finding spans the metadata."""

    tag: ClassVar[str] = "pe_dotnet_linked_resources"
    first: int
    rows: tuple[DotNetResource, ...]
