"""Mutants of the corpus through the whole engine: no fault of ours, no hang, and the same report however it is cut."""

import json
import random
import time

import rorqual
from rorqual.findings.ledger import Reason
from tests.cases import body, cases

SLOWEST = 20  # seconds for one mutant of at most a few hundred KB, on a busy machine
KEPT = 2 << 20  # bytes: splices may double a case again and again
SPICES = [
    b"MZ",
    b"PE\0\0",
    b"\x1f\x8b\x08\x00",
    b"PK\x03\x04",
    b"\xff\xff\xff\xff",
    b"\0\0\0\x80",
    b"\xef\xbb\xbf",
    b"<?xml",
]


def mutate(data: bytes, others: list[bytes], chance: random.Random) -> bytes:
    """Flips, cuts, splices of itself and of others, lying numbers."""
    mutant = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(mutant) + 1)
        if chance.random() < 0.5:
            at = min(at, chance.randrange(1024))  # headers decide most
        match chance.randrange(6):
            case 0:
                mutant[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                width = chance.choice([1, 2, 4, 8])
                mutant[at : at + width] = chance.choice(
                    [bytes(width), b"\xff" * width, b"\x7f" * width, b"\0\0\0\x01"[:width]]
                )
            case 2:
                del mutant[at : at + chance.randrange(1, 4096)]
            case 3:
                start = chance.randrange(len(mutant) + 1)
                mutant[at:at] = mutant[start : start + chance.randrange(1, 8192)]
            case 4:
                other = chance.choice(others)
                start = chance.randrange(len(other) + 1)
                mutant[at:at] = other[start : start + chance.randrange(1, 8192)]
            case 5:
                mutant[at:at] = chance.choice(SPICES)
    return bytes(mutant[:KEPT])


def main(seconds: float, seed: int) -> int:
    """Runs for so long and prints what it found; 1 where there was anything."""
    chance = random.Random(seed)
    inputs = [case.data() for case in cases()]
    end = time.monotonic() + seconds
    made = found = 0
    while time.monotonic() < end:
        mutant = mutate(chance.choice(inputs), inputs, chance)
        made += 1
        trouble = _trouble(mutant, chance)
        if trouble:
            found += 1
            name = f"fuzz/build/mutant-{seed}-{made}"
            with open(name, "wb") as file:
                file.write(mutant)
            print(f"{name}: {trouble}", flush=True)
    print(f"{made} mutants, {found} troubles (seed {seed})")
    return 1 if found or not made else 0


def _trouble(mutant: bytes, chance: random.Random) -> str | None:
    began = time.monotonic()
    report = rorqual.scan(mutant)
    took = time.monotonic() - began
    if took > SLOWEST:
        return f"took {took:.0f} s"
    ours = [fault for fault in report.faults if fault.reason is Reason.FAULT]
    if ours:
        return f"fault: {ours[0]}"
    if chance.random() < 0.2:
        chunk = max(len(mutant) // 200, chance.randrange(1, len(mutant) + 2))
        other = rorqual.scan(mutant, chunk_size=chunk, workers=chance.randint(1, 3))
        if json.dumps(body(other)) != json.dumps(body(report)):
            return f"differs in chunks of {chunk}"
    return None
