"""A file as its loader maps it: reading by address."""

from typing import TypeAlias

from rorqual.analyzers.formats import memory
from rorqual.analyzers.formats.elf.layout import Layout

Memory: TypeAlias = memory.Memory[Layout]
