"""What load commands say of the whole: UUID, system and tools, versions, the loader, the members of a collection."""

import struct
import uuid
from collections.abc import Iterator

from rorqual.analyzers.formats.macho import commands, names
from rorqual.analyzers.formats.macho.bodies import MachOBuildVersion, MachOFilesetEntry, MachOTool
from rorqual.analyzers.formats.macho.headers import Command, Headers

BUILDS_TOLD = 16  # a zippered library has two
TOOLS_TOLD = 64  # of one command; linkers write one to three


def uuid_of(headers: Headers) -> str | None:
    """LC_UUID in its usual form."""
    command = headers.first(commands.UUID)
    if command is None or command.size < 24:
        return None
    return str(uuid.UUID(bytes=headers.data[command.at + 8 : command.at + 24])).upper()


def builds(headers: Headers) -> tuple[MachOBuildVersion, ...]:
    """What systems the file is for, in the order of the commands."""
    found: list[MachOBuildVersion] = []
    for command in headers.commands:
        one = _build(headers, command)
        if one is not None and len(found) < BUILDS_TOLD:
            found.append(one)
    return tuple(found)


def _build(headers: Headers, command: Command) -> MachOBuildVersion | None:
    if command.command in commands.VERSION_MINS:
        versions = headers.numbers(command, "2I")
        if versions is None:
            return None
        system = names.platform_name(commands.VERSION_MINS[command.command])
        return MachOBuildVersion(system, names.version(versions[0]), names.version(versions[1]), ())
    if command.command != commands.BUILD_VERSION or (numbers := headers.numbers(command, "4I")) is None:
        return None
    platform, minimum, sdk, count = numbers
    shape = struct.Struct(f"{headers.form.mark}2I")
    tools = []
    for at in range(24, min(command.size - 7, 24 + 8 * min(count, TOOLS_TOLD)), 8):
        tool, number = shape.unpack_from(headers.data, command.at + at)
        tools.append(MachOTool(names.tool_name(tool), names.version(number)))
    return MachOBuildVersion(names.platform_name(platform), names.version(minimum), names.version(sdk), tuple(tools))


def source_version(headers: Headers) -> str | None:
    """LC_SOURCE_VERSION as A.B.C.D.E."""
    command = headers.first(commands.SOURCE_VERSION)
    numbers = None if command is None else headers.numbers(command, "Q")
    return None if numbers is None else names.source_version(numbers[0])


def text_of(headers: Headers, command_number: int) -> str | None:
    """The string of the first such command."""
    command = headers.first(command_number)
    text = None if command is None else headers.string(command)
    return None if text is None else names.printable(text)


def fileset(headers: Headers) -> Iterator[MachOFilesetEntry]:
    """The members of a kernel collection."""
    for command in headers.of(commands.FILESET_ENTRY):
        numbers = headers.numbers(command, "2Q")
        if numbers is not None:
            name = headers.string(command, 24)
            yield MachOFilesetEntry(names.printable(name or b""), numbers[0], numbers[1])
