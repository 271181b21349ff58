"""Where a program starts: LC_MAIN (an offset from the header), else the program counter in LC_UNIXTHREAD.

Thread states are those of mach/<processor>/thread_status.h: flavor, count of 32-bit words, registers.
"""

from typing import NamedTuple

from rorqual.analyzers.formats.macho import commands, cpus, names
from rorqual.analyzers.formats.macho.headers import Command
from rorqual.analyzers.formats.macho.layout import Layout

FLAVORS_READ = 16  # of one command; a thread has three to five


class _Counter(NamedTuple):
    """Where a thread state of the flavor has the program counter."""

    flavor: int
    register: int  # its number
    form: str


_COUNTERS = {
    cpus.I386: _Counter(1, 10, "I"),
    cpus.X86_64: _Counter(4, 16, "Q"),
    cpus.ARM: _Counter(1, 15, "I"),
    cpus.ARM64: _Counter(6, 32, "Q"),
    cpus.ARM64_32: _Counter(6, 32, "Q"),
    cpus.POWERPC: _Counter(1, 0, "I"),
    cpus.POWERPC64: _Counter(5, 0, "Q"),
    cpus.M68K: _Counter(1, 17, "I"),
    cpus.SPARC: _Counter(1, 1, "I"),
}


class Entry(NamedTuple):
    """Where a program starts; `address` is None where the command does not say."""

    command: Command
    address: int | None
    stack_size: int | None


def entry_of(layout: Layout) -> Entry | None:
    """What starts the program: the loader prefers LC_MAIN."""
    headers = layout.headers
    main = headers.first(commands.MAIN)
    if main is not None:
        found = headers.numbers(main, "2Q")
        if found is None or layout.base is None:
            return Entry(main, None, None)
        return Entry(main, layout.base + found[0], found[1])
    wanted = (commands.UNIXTHREAD, commands.THREAD)
    if layout.type == names.CORE:
        return None  # its threads are where they stopped
    for thread in headers.of(*wanted):
        return Entry(thread, _counter(layout, thread), None)
    return None


def _counter(layout: Layout, thread: Command) -> int | None:
    counter = _COUNTERS.get(layout.cpu)
    at = 8
    for _ in range(FLAVORS_READ):
        state = layout.headers.numbers(thread, "2I", at)
        if state is None or counter is None:
            return None
        if state[0] == counter.flavor:
            width = 8 if counter.form == "Q" else 4
            found = layout.headers.numbers(thread, counter.form, at + 8 + counter.register * width)
            return None if found is None else int(found[0])
        at += 8 + 4 * state[1]
    return None
