"""What strangers send, before the real server: each picture is judged or told in one sentence."""

from __future__ import annotations

import http.client
import json
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import numpy as np
import pytest
from PIL import Image as Pillow

from bench.server import memory
from inference.vision.geometry import Image
from tests.frames import FRAMES, astronaut
from tests.running import Server, start, stop
from tests.samples import REFUSED, encode, exif

SMALL = np.ascontiguousarray(astronaut()[::2, ::2])


def stored(orientation: int) -> Image:
    """The picture as a camera held another way stores it: its EXIF says how to turn it."""
    turned: dict[int, Callable[[Image], Image]] = {
        1: lambda p: p,
        2: np.fliplr,
        3: lambda p: np.rot90(p, 2),
        4: np.flipud,
        5: lambda p: p.transpose(1, 0, 2),
        6: np.rot90,
        7: lambda p: np.rot90(p, 2).transpose(1, 0, 2),
        8: lambda p: np.rot90(p, 3),
    }
    return np.ascontiguousarray(turned[orientation](SMALL))


def turned_grey() -> Pillow.Image:
    return Pillow.fromarray(SMALL).convert("L")


HOLD_A_FACE = {
    **{f"orientation {n}": encode(stored(n), "JPEG", exif=exif(n)) for n in range(1, 9)},
    "grey": encode(turned_grey()),
    "palette": encode(Pillow.fromarray(SMALL).convert("P")),
    "alpha": encode(Pillow.fromarray(SMALL).convert("RGBA")),
    "CMYK": encode(Pillow.fromarray(SMALL).convert("CMYK"), "JPEG"),
    "16 bit": encode(Pillow.fromarray(np.asarray(turned_grey()).astype(np.uint16) << 8)),
    "animated": encode(
        Pillow.fromarray(SMALL),
        save_all=True,
        append_images=[Pillow.new("RGB", SMALL.shape[1::-1])],
    ),
}
HOLD_NONE = {
    "1 bit": encode(Pillow.new("1", (64, 48))),
    "1 × 1": encode(np.zeros((1, 1, 3), np.uint8)),
    "2 × 940": encode(np.zeros((940, 2, 3), np.uint8)),
}


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[Server, int]]:
    """The process and its port."""
    process, port = start()
    yield process, port
    assert '"trace"' not in stop(process)


@pytest.fixture(scope="module")
def port(server: tuple[Server, int]) -> int:
    return server[1]


def ask(port: int, content: bytes) -> tuple[int, dict]:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        connection.request("POST", "/api/predict", content)
        response = connection.getresponse()
        return response.status, json.load(response)


@pytest.mark.parametrize("name", [*HOLD_A_FACE, *HOLD_NONE])
def test_odd_pictures_are_judged(port: int, name: str) -> None:
    status, answer = ask(port, (HOLD_A_FACE | HOLD_NONE)[name])
    assert status == 200
    assert len(answer["verdicts"]) == (name in HOLD_A_FACE)


def test_broken_metadata_is_no_fault(port: int) -> None:
    status, answer = ask(port, encode(SMALL, "JPEG", exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff"))
    assert "verdicts" in answer if status == 200 else "broken or cut off" in answer["detail"]


@pytest.mark.parametrize("name", REFUSED)
def test_broken_ones_are_told(port: int, name: str) -> None:
    content, status, words = REFUSED[name]
    told, problem = ask(port, content)
    assert told == problem["status"] == status
    assert words in problem["detail"]


def test_photos_at_once_never_mix(port: int) -> None:
    contents = [encode(make()) for make in FRAMES.values()]
    alone = [ask(port, content) for content in contents]
    assert len({json.dumps(answer) for answer in alone}) == len(contents)
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda content: ask(port, content), contents * 3)) == alone * 3


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_500_uploads_leave_the_memory_flat(server: tuple[Server, int]) -> None:
    """Small ones, so that it takes seconds; bench/load.py sends thousands of large ones."""
    process, port = server
    contents = [HOLD_NONE["1 × 1"], *(content for content, _, _ in REFUSED.values())]

    def send(count: int) -> float:
        for number in range(count):
            ask(port, contents[number % len(contents)])
        return memory(process.pid)

    before = send(100)
    assert send(500) < before + 20, "megabytes"
