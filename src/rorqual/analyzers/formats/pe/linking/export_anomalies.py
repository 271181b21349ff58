"""What is wrong with an export directory: noted batch by batch, so that no table is held."""

import operator
from collections import Counter
from dataclasses import dataclass, field

from rorqual.analyzers.formats.pe.linking.export_tables import FUNCTIONS_MAX, NAME_MAX, Batch, ExportTables
from rorqual.analyzers.formats.pe.window import plain, shown

_QUOTED = 256  # bytes of a name in a proof


@dataclass(slots=True)
class Notes:
    """Anomalies by name: how often, and the proof of the first."""

    found: dict[str, tuple[int, str]] = field(default_factory=dict)
    last: bytes = b""  # the name before

    def add(self, name: str, proof: str, times: int = 1) -> None:
        """Keeps the first proof."""
        before, first = self.found.get(name, (0, proof))
        self.found[name] = (before + times, first)

    def weigh(self, batch: Batch) -> None:
        """What is wrong with names and forwarders; that nothing is, which is usual, is seen at once."""
        if None in batch.addresses:
            number = batch.addresses.index(None)
            proof = f"name {batch.first + number} has index {batch.indexes[number]}, past the table of functions"
            self.add("export_index_out_of_range", proof, batch.addresses.count(None))
        if None in batch.names:
            number = batch.names.index(None)
            proof = f"name {batch.first + number} at RVA {batch.pointers[number]:#x}: nothing is mapped there"
            self.add("export_name_unreadable", proof, batch.names.count(None))
        for rva, text in batch.forwarders.items():
            if text is None or b"." not in text:
                self.add("export_forwarder_invalid", f"the text at RVA {rva:#x} names no library and function")
        names = [name for name in batch.names if name is not None]
        if names:
            self._spelling(names)
            self._order(names, first=not batch.first)

    def _spelling(self, names: list[bytes]) -> None:
        if not plain(b"".join(names)):
            odd = [name for name in names if not plain(name)]
            self.add("export_name_unprintable", f"name {quoted(odd[0])}", len(odd))
        if max(map(len, names)) >= NAME_MAX:
            self.add("export_name_cut", f"a name of {NAME_MAX} bytes or more; so many are told")

    def _order(self, names: list[bytes], *, first: bool) -> None:
        before = names if first else [self.last, *names]
        self.last = names[-1]
        if all(map(operator.lt, before, before[1:])):
            return
        for one, other in zip(before, before[1:], strict=False):
            if other < one:
                self.add("export_names_unsorted", f"{quoted(other)} follows {quoted(one)}")
        repeated = [name for name, times in Counter(before).items() if times > 1]
        if repeated:
            self.add("export_name_repeated", f"name {quoted(repeated[0])}", len(repeated))

    def weigh_tables(self, tables: ExportTables, image_size: int) -> None:
        """What is wrong with counts and addresses."""
        directory = tables.directory
        functions, names = directory.number_of_functions, directory.number_of_names
        for what, declared, present in (
            ("functions", functions, tables.functions_present),
            ("names", names, tables.names_present),
        ):
            if present < declared:
                self.add(f"export_{what}_cut", f"{declared} {what} declared, {present} are in the file")
        if directory.base + functions > FUNCTIONS_MAX:
            proof = f"base {directory.base}, {functions} functions: ordinals end at {FUNCTIONS_MAX - 1}"
            self.add("export_ordinals_out_of_range", proof)
        if tables.functions and max(tables.functions) >= image_size:
            outside = [rva for rva in tables.functions if rva >= image_size]
            self.add(
                "export_outside_image", f"address {outside[0]:#x}, the image ends at {image_size:#x}", len(outside)
            )


def quoted(name: bytes) -> str:
    """As much of it as a proof needs."""
    return shown(name[:_QUOTED])
