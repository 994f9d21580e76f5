"""Mutated photos against the real server: ``python -m bench.fuzz [--inputs 10000]``.

Valid photos of every format are cut, flipped, spliced and repeated at random, with a fixed seed. The
table counts the answers by status; what is neither 200 nor a 4xx is written to ``runs/fuzz/``.
"""

from __future__ import annotations

import argparse
import http.client
import random
import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from bench.load import ask, ask_until_answered
from bench.tables import print_table
from inference.contract import ROOT
from tests.frames import astronaut, two_faces
from tests.running import COMMAND, memory_mb, start, stop
from tests.samples import QUADRANTS_HEIC, encode, exif

OUT = ROOT / "runs/fuzz"
CLIENTS = 4
FLAGS = ("--log=off",)


def valid() -> list[bytes]:
    """A photo of every format, and a JPEG with EXIF data."""
    image = astronaut()[::2, ::2]
    formats = [encode(image, kind) for kind in ("JPEG", "PNG", "WEBP", "AVIF", "GIF")]
    progressive = encode(two_faces(), "JPEG", progressive=True)
    return [*formats, progressive, encode(image, "JPEG", exif=exif(6)), QUADRANTS_HEIC]


def flip(content: bytearray, rng: random.Random) -> bytearray:
    for _ in range(rng.choice((1, 3, 30))):
        content[rng.randrange(len(content))] = rng.randrange(256)
    return content


def flip_head(content: bytearray, rng: random.Random) -> bytearray:
    """Sizes, markers and tables are at the beginning."""
    for _ in range(rng.choice((1, 2, 5))):
        content[rng.randrange(min(len(content), 600))] = rng.choice((0, 1, 127, 128, 255))
    return content


def cut(content: bytearray, rng: random.Random) -> bytearray:
    return content[: rng.randrange(1, len(content))]


def remove(content: bytearray, rng: random.Random) -> bytearray:
    at = rng.randrange(len(content))
    return content[:at] + content[at + rng.randrange(1, 500) :]


def repeat(content: bytearray, rng: random.Random) -> bytearray:
    at = rng.randrange(len(content))
    piece = content[at : at + rng.randrange(1, 200)]
    return content[:at] + piece * rng.choice((2, 20, 2000)) + content[at:]


def splice(content: bytearray, rng: random.Random) -> bytearray:
    other = rng.choice(VALID)
    return content[: rng.randrange(1, len(content))] + other[rng.randrange(len(other)) :]


VALID = valid()
MUTATIONS: list[Callable[[bytearray, random.Random], bytearray]] = [
    flip,
    flip_head,
    cut,
    remove,
    repeat,
    splice,
]


def mutated(number: int) -> bytes:
    """The input with this number, always the same."""
    rng = random.Random(number)
    content = bytearray(rng.choice(VALID))
    for _ in range(rng.choice((1, 1, 2))):
        if len(content) > 1:
            content = rng.choice(MUTATIONS)(content, rng)
    return bytes(content) or b"x"


def send(port: int, number: int) -> str:
    """The status of the answer; a busy server is asked again."""
    content = mutated(number)
    try:
        status = str(ask_until_answered(port, content, [], [])[0])
    except (OSError, http.client.HTTPException):
        status = "no answer"
    if not status.startswith(("2", "4")):
        OUT.mkdir(parents=True, exist_ok=True)
        (OUT / f"{number}-{status}").write_bytes(content)
    return status


def main(inputs: int) -> int:
    """0 if every answer is 200 or a 4xx."""
    process, port = start((*COMMAND, *FLAGS))
    try:
        ask(port, VALID[0])
        before = memory_mb(process.pid)
        with ThreadPoolExecutor(CLIENTS) as pool:
            statuses = Counter(pool.map(lambda number: send(port, number), range(inputs)))
        after = memory_mb(process.pid)
        healthy, _ = ask(port, None, "/healthz")
    finally:
        stop(process)
    memory = {"MB before": f"{before:.0f}", "MB after": f"{after:.0f}"}
    counts = {f"status {status}": statuses[status] for status in sorted(statuses)}
    print_table({"inputs": counts | memory | {"/healthz": healthy}})
    return int(any(not status.startswith(("2", "4")) for status in statuses))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=10_000)
    sys.exit(main(parser.parse_args().inputs))
