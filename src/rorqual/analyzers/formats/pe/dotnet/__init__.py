"""Managed images (.NET): CLR header, metadata, and what they say.

https://ecma-international.org/publications-and-standards/standards/ecma-334/ (the language) and ECMA-335 (the
infrastructure), of which partition II describes the file.

tables.py    which tables the metadata have, and how wide their columns are
metadata.py  streams, heaps and tables, read where they are asked for
assembly.py  identity, attributes, references, native imports, entry point
resources.py manifest resources
words.py     names as text
bodies.py    the records that findings carry
probe.py     the probe
"""

from rorqual.analyzers.formats.pe.dotnet.probe import PEDotNet

__all__ = ["PEDotNet"]
