"""An image as its loader maps it: reading by RVA."""

from typing import TypeAlias

from rorqual.analyzers.formats import memory
from rorqual.analyzers.formats.pe.layout import Layout

Memory: TypeAlias = memory.Memory[Layout]
