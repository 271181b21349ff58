"""The kernels under AddressSanitizer and UndefinedBehaviorSanitizer, on random inputs.

`python -m fuzz` calls `main`; it builds the module into fuzz/build/ and runs this file again in a process
with the sanitizer loaded. There every input ends with its block of memory, and every result is compared with
the oracle's, digests with hashlib's.
"""

import ctypes
import hashlib
import importlib
import os
import random
import subprocess
import sys
import sysconfig
import time
from pathlib import Path
from types import ModuleType

from rorqual import oracles
from rorqual.digests import BLOCK, CHAINS

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
SOURCES = tuple(ROOT / "src" / "rorqual" / name for name in ("_kernels.c", "_digests.c", "_records.c"))
BUILD = HERE / "build"
SECONDS = 20.0
HEADS = (b'"a":', b'"b":', b'"c":')
SCALES = ((16_384, 4096), (4096, 1000), (4096, 64), (256, 64), (128, 32), (12, 3), (8, 2), (4, 1), (sys.maxsize, 64))


def main(seconds: float = SECONDS) -> int:
    """Builds and fuzzes: 0 when nothing was found, 1 when something was, 2 when it cannot be built."""
    compiler = os.environ.get("CC", "gcc")
    BUILD.mkdir(exist_ok=True)
    module = BUILD / "_kernels.abi3.so"
    checks = "-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer -O1 -g"
    shape = f"-Wall -Wextra -Werror -shared -fPIC -DPy_LIMITED_API=0x030b0000 -I{sysconfig.get_path('include')}"
    try:
        subprocess.run([compiler, *checks.split(), *shape.split(), *SOURCES, "-o", module, "-lm"], check=True)
        library = subprocess.check_output([compiler, "-print-file-name=libasan.so"], text=True).strip()
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"kernels: {compiler}: cannot build with sanitizers: {error}", file=sys.stderr)
        return 2
    environment = os.environ | {
        "LD_PRELOAD": library,
        "ASAN_OPTIONS": "detect_leaks=0:allocator_may_return_null=1",  # the interpreter leaves memory behind
        "PYTHONMALLOC": "malloc",  # else small buffers share a pool, whose inside is all valid
        "PYTHONPATH": f"{BUILD}{os.pathsep}{ROOT / 'src'}",
    }
    program = [sys.executable, str(Path(__file__).resolve()), str(seconds)]
    return int(subprocess.run(program, env=environment, check=False).returncode != 0)


def fuzz(seconds: float) -> None:
    """Random calls until the time is up; the sanitizer ends the process at the first bad access."""
    native = importlib.import_module("_kernels")  # the sanitized build, which only that process can load

    seed = random.SystemRandom().getrandbits(32)
    dice = random.Random(seed)
    print(f"kernels under sanitizers, seed {seed}")
    calls, stop = 0, time.monotonic() + seconds
    while time.monotonic() < stop:
        data = sample(dice)
        shift = dice.randrange(9)
        # A bytes object has a NUL after it, which would hide a read past the end; a ctypes array has not.
        block = (ctypes.c_ubyte * (shift + len(data))).from_buffer_copy(bytes(shift) + data)
        view = (ctypes.c_ubyte * len(data)).from_buffer(block, shift)
        lead, width = dice.choice((0, 1, 255, 4096, 1 << 40)), dice.choice((257, 1000, 4096, 9999, 1 << 40))
        if native.histograms(view, lead, width) != oracles.histograms(data, lead, width):
            raise AssertionError(f"histograms differ: lead {lead}, width {width}, {data.hex()}")
        scale = dice.choice(SCALES)
        if native.periodic_runs(view, *scale) != oracles.periodic_runs(data, *scale):
            raise AssertionError(f"runs differ: {scale}, {data.hex()}")
        lanes = native.histograms(view, 0, max(len(data), 1)) or bytes(2048)
        if native.moments(lanes) != oracles.moments(lanes):
            raise AssertionError(f"moments differ: {lanes.hex()}")
        state = oracles.landmarks(data[: dice.randrange(len(data) + 1)], b"")[0] if dice.randrange(2) else b""
        if native.landmarks(view, state) != oracles.landmarks(data, state):
            raise AssertionError(f"landmarks differ: state {state.hex()}, {data.hex()}")
        rows = tuple(row(dice) for _ in range(dice.randrange(5)))
        order = bytes(dice.sample(range(3), 3))
        if native.records(HEADS, order, rows, ascii) != oracles.records(HEADS, order, rows, ascii):
            raise AssertionError(f"records differ: order {order.hex()}, {rows!a}")
        wild = dice.randbytes(96)  # never one of ours: it may give any answer, and no bad access
        native.landmarks(view, wild)
        if native.word_sum(view) != oracles.word_sum(data):
            raise AssertionError(f"sums of words differ: {data.hex()}")
        if native.crlf_pairs(view) != oracles.crlf_pairs(data):
            raise AssertionError(f"line ends differ: {data.hex()}")
        if native.utf8_prefix(view) != oracles.utf8_prefix(data):
            raise AssertionError(f"prefixes of UTF-8 differ: {data.hex()}")
        if native.FUSED:
            digest(native, dice, data, memoryview(view).cast("B"))
        refuse(native, memoryview(data))
        calls += 1
    print(f"{calls} rounds, nothing found")


def digest(native: ModuleType, dice: random.Random, data: bytes, view: memoryview) -> None:
    """Digests of whole blocks, each of its own part of the view, all in one call or in two."""
    parts = []
    for name in dice.choices(list(CHAINS), k=dice.randrange(8)):
        start = dice.choice((len(data) % BLOCK, dice.randrange(len(data) + 1)))
        size = dice.choice((len(data) - start, dice.randrange(len(data) - start + 1))) // BLOCK * BLOCK
        parts.append((name, CHAINS[name].state(), start, start + size, start + size // BLOCK // 2 * BLOCK))
    if dice.randrange(2):
        native.digest_blocks([(state, view[start:end]) for _, state, start, end, _ in parts])
    else:
        native.digest_blocks([(state, view[start:cut]) for _, state, start, _, cut in parts])
        native.digest_blocks([(state, view[cut:end]) for _, state, _, end, cut in parts])
    native.digest_blocks([(state, CHAINS[name].padding(end - start)) for name, state, start, end, _ in parts])
    for name, state, start, end, _ in parts:
        if CHAINS[name].value(state) != hashlib.new(name, data[start:end], usedforsecurity=False).hexdigest():
            raise AssertionError(f"{name} of {start} to {end} differs, of {parts}: {data.hex()}")


def refuse(native: object, view: memoryview) -> None:
    """What is not acceptable is refused before a byte is touched."""
    calls = {
        "histograms": (
            (view, -1, 1),
            (view, 0, 0),
            (view[::2], 0, 1) if len(view) > 2 else ("", 0, 1),
            (view, 0),
        ),
        "periodic_runs": ((view, 1 << 20, (1 << 17) + 1), (view, 4096, 0), (view, 255, 64), (None, 4096, 64)),
        "word_sum": (("",), (3,)),
        "crlf_pairs": (("",), (view[::2],) if len(view) > 2 else ("",)),
        "utf8_prefix": (("",), (view[::2],) if len(view) > 2 else ("",)),
        "digest_blocks": (
            ([(bytearray(16), bytes(63))],),
            ([(bytes(16), bytes(64))],),
            ([(bytearray(15), bytes(64))],),
            ([(bytearray(16), bytes(64)), (bytearray(20), bytes(64)), (bytearray(31), bytes(64))],),
            ([(bytearray(16), bytes(64)), (bytearray(16), "")],),
            ([(bytearray(16),)],),
            ([None],),
            ((),),
            ([(bytearray(16), memoryview(bytes(128))[::2])],),
        ),
        "moments": ((view[:100],), (b"\xff" * 2048,), (3,)),
    }
    for name, attempts in calls.items():
        for arguments in attempts:
            try:
                getattr(native, name)(*arguments)
            except (ValueError, TypeError, BufferError, OverflowError, NotImplementedError):
                continue
            raise AssertionError(f"{name}: accepted {arguments!r}")


def sample(dice: random.Random) -> bytes:
    """Noise and periodic stretches, over each other, or text that breaks off here and there, of up to some pages."""
    if dice.random() < 0.2:
        text = "".join(dice.choices(("a", "é", "€", "😀", "\r\n", "\r", "и мир" * 20), k=dice.randrange(200))).encode()
        return text[dice.randrange(3) :] + dice.randbytes(dice.randrange(3)) + text[: dice.randrange(len(text) + 1)]
    size = dice.choice((0, 1, 63, 64, 127, 128, 129, 255, 256, 2047, 2048, 4096, 9000, dice.randrange(40_000)))
    data = bytearray(dice.randbytes(size) if dice.random() < 0.5 else bytes(size))
    for _ in range(dice.randrange(5)):
        unit = dice.randbytes(dice.choice((1, 2, 3, 7, 16, 63, 64, 65)))
        at, length = dice.randrange(size + 1), dice.choice((130, 256, 4095, 4096, 4097, size))
        data[at : at + length] = (unit * (length // len(unit) + 1))[: min(length, size - at)]
    return bytes(data)


def row(dice: random.Random) -> tuple[object, ...]:
    """Three values of all kinds, some in tuples."""
    values = [value(dice) for _ in range(9)]
    return tuple(tuple(values[at : at + 3]) if dice.randrange(3) == 0 else values[at] for at in (0, 3, 6))


def value(dice: random.Random) -> object:
    text = "".join(chr(dice.randrange(1 << dice.choice((7, 8, 11, 16, 20)))) for _ in range(dice.randrange(9)))
    number = dice.randrange(1 << dice.choice((8, 63, 64, 65))) * dice.choice((1, -1))
    odd = (None, True, False, dice.random(), 1e300 * dice.choice((1, 1e300, -1e300)), [1], object)
    return dice.choice((text, text * 99, number, text.encode("utf-8", "surrogatepass"), dice.choice(odd)))


if __name__ == "__main__":
    fuzz(float(sys.argv[1]))
