"""Enough names for a hash, and some that do not count."""

from tests.builders.elf import Program, Symbol
from tests.builders.elf import build as program

WORDS = (
    "accept bind chmod close connect dup2 execve exit fclose fcntl fgets fopen fork fputs fread free fseek ftell fwrite "
    "getaddrinfo geteuid getpid htons inet_addr ioctl kill listen lseek malloc nanosleep open opendir pipe poll pread "
    "pthread_create rand read readdir realloc recv rename select send setsid setsockopt signal sleep snprintf socket"
)


def build() -> bytes:
    symbols = [Symbol(word.encode()) for word in WORDS.split()]
    symbols += [Symbol(name) for name in (b"strcpy", b"memcpy", b"__errno_location", b"lseek64", b"main", b"Upper")]
    symbols += [Symbol(b"not_a_function", info=0x11), Symbol(b"weak", info=0x22), Symbol(b"own", 1, other=2, shndx=7)]
    return program(Program(symbols=tuple(symbols)))
