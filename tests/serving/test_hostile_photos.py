"""Unusual and broken photos, sent to the real server: each is classified or refused."""

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

from inference.vision.geometry import Image
from tests.frames import FRAMES, astronaut
from tests.running import Server, memory_mb, start, stop
from tests.samples import REFUSED, encode, exif

pytestmark = pytest.mark.slow

SMALL = np.ascontiguousarray(astronaut()[::2, ::2])


def rotate(orientation: int) -> Image:
    """The picture as cameras store it with that EXIF orientation."""
    transforms: dict[int, Callable[[Image], Image]] = {
        1: lambda p: p,
        2: np.fliplr,
        3: lambda p: np.rot90(p, 2),
        4: np.flipud,
        5: lambda p: p.transpose(1, 0, 2),
        6: np.rot90,
        7: lambda p: np.rot90(p, 2).transpose(1, 0, 2),
        8: lambda p: np.rot90(p, 3),
    }
    return np.ascontiguousarray(transforms[orientation](SMALL))


def grayscale() -> Pillow.Image:
    return Pillow.fromarray(SMALL).convert("L")


WITH_FACE = {
    **{f"orientation {n}": encode(rotate(n), "JPEG", exif=exif(n)) for n in range(1, 9)},
    "AVIF": encode(SMALL, "AVIF"),
    "GIF": encode(SMALL, "GIF"),
    "grayscale": encode(grayscale()),
    "palette": encode(Pillow.fromarray(SMALL).convert("P")),
    "alpha": encode(Pillow.fromarray(SMALL).convert("RGBA")),
    "CMYK": encode(Pillow.fromarray(SMALL).convert("CMYK"), "JPEG"),
    "16 bit": encode(Pillow.fromarray(np.asarray(grayscale()).astype(np.uint16) << 8)),
    "animated": encode(
        Pillow.fromarray(SMALL),
        save_all=True,
        append_images=[Pillow.new("RGB", SMALL.shape[1::-1])],
    ),
}
WITHOUT_FACE = {
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


def predict(port: int, content: bytes) -> tuple[int, dict]:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        connection.request("POST", "/api/predict", content)
        response = connection.getresponse()
        return response.status, json.load(response)


@pytest.mark.parametrize("name", [*WITH_FACE, *WITHOUT_FACE])
def test_unusual_photos_are_classified(port: int, name: str) -> None:
    status, answer = predict(port, (WITH_FACE | WITHOUT_FACE)[name])
    assert status == 200
    assert len(answer["verdicts"]) == (name in WITH_FACE)


def test_broken_metadata_is_no_error(port: int) -> None:
    status, answer = predict(port, encode(SMALL, "JPEG", exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff"))
    assert "verdicts" in answer if status == 200 else "damaged or incomplete" in answer["detail"]


@pytest.mark.parametrize("name", REFUSED)
def test_broken_photos_are_refused(port: int, name: str) -> None:
    content, status, words = REFUSED[name]
    answered, problem = predict(port, content)
    assert answered == problem["status"] == status
    assert words in problem["detail"]


def test_concurrent_photos_get_their_own_results(port: int) -> None:
    contents = [encode(make()) for make in FRAMES.values()]
    alone = [predict(port, content) for content in contents]
    assert len({json.dumps(answer) for answer in alone}) == len(contents)
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda content: predict(port, content), contents * 3)) == alone * 3


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_500_uploads_do_not_leak_memory(server: tuple[Server, int]) -> None:
    """Small photos, so that it takes seconds; bench/load.py sends thousands of large ones."""
    process, port = server
    contents = [WITHOUT_FACE["1 × 1"], *(content for content, _, _ in REFUSED.values())]

    def send(count: int) -> float:
        for number in range(count):
            predict(port, contents[number % len(contents)])
        return memory_mb(process.pid)

    before = send(100)
    assert send(500) < before + 20, "megabytes"
