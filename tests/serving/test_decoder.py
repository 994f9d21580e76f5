"""Photos that cost much time or memory are refused, and the processes serve the next one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import numpy as np
import pytest
from PIL import Image as Pillow

from inference.contract import ROOT
from inference.errors import PictureError, PictureTooLarge, UnsupportedPicture
from serving.decoder import MAX_CPU_S, DecoderPool
from tests import crafted
from tests.samples import encode, quadrants

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="limits of memory are Linux's"),
]
TIMEOUT_S = 60


@pytest.fixture(scope="module")
def pool() -> Iterator[DecoderPool]:
    decoders = DecoderPool(1)
    yield decoders
    decoders.close()


@pytest.fixture(autouse=True)
def next_photo(pool: DecoderPool) -> Iterator[None]:
    """Whatever happened, the next photo is decoded."""
    yield
    assert (pool.decode(encode(quadrants()), TIMEOUT_S).image == quadrants()).all()


def test_the_picture_and_its_header_are_returned(pool: DecoderPool) -> None:
    decoded = pool.decode(encode(np.zeros((3000, 4000, 3), np.uint8), "JPEG"), TIMEOUT_S)
    assert (decoded.format, decoded.width, decoded.height) == ("JPEG", 4000, 3000)
    assert decoded.image.shape == (1500, 2000, 3)


def test_errors_are_those_of_decoding(pool: DecoderPool) -> None:
    with pytest.raises(UnsupportedPicture, match="Expected a JPEG"):
        pool.decode(b"no picture", TIMEOUT_S)
    with pytest.raises(PictureError, match="empty"):
        pool.decode(b"", TIMEOUT_S)


@pytest.mark.parametrize(
    "content",
    [crafted.many_scans(60_000), crafted.many_segments(19), crafted.padding()],
    ids=["scans", "segments", "padding"],
)
def test_a_photo_takes_at_most_3_seconds(pool: DecoderPool, content: bytes) -> None:
    try:
        assert pool.decode(content, TIMEOUT_S).image.size
    except PictureError as error:
        assert f"within {MAX_CPU_S} seconds" in str(error)  # noqa: PT017  or a fast machine


def test_more_scans_than_any_machine_decodes_in_time_are_refused(pool: DecoderPool) -> None:
    with pytest.raises(PictureError, match="within 3 seconds"):
        pool.decode(crafted.many_scans(200_000), TIMEOUT_S)


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_50_megapixels_fit_into_memory(pool: DecoderPool, channels: int) -> None:
    assert pool.decode(crafted.png(10_000, 5000, channels), TIMEOUT_S).image.shape[1] > 1000


@pytest.mark.parametrize("size", [(1, 50_000_000), (40_000, 10)])
def test_a_very_long_side_is_refused_by_the_header(
    pool: DecoderPool, size: tuple[int, int]
) -> None:
    with pytest.raises(PictureTooLarge, match=f"got {size[0]} × {size[1]}"):
        pool.decode(crafted.png(*size), TIMEOUT_S)


def test_too_much_memory_is_refused() -> None:
    small = DecoderPool(1, max_memory_bytes=64 * 2**20)
    try:
        with pytest.raises(PictureTooLarge, match="decodes in 64 MB"):
            small.decode(crafted.png(10_000, 5000, 3), TIMEOUT_S)
        assert small.decode(encode(quadrants()), TIMEOUT_S).format == "PNG"
    finally:
        small.close()


def test_a_photo_that_is_not_decoded_in_time_times_out(pool: DecoderPool) -> None:
    begun = time.monotonic()
    with pytest.raises(TimeoutError):
        pool.decode(crafted.many_scans(200_000), 0.5)
    assert time.monotonic() - begun < 2.5


def test_processes_that_die_while_idle_are_replaced() -> None:
    decoders = DecoderPool(2)
    try:
        decoders.decode(encode(quadrants()), TIMEOUT_S)
        for process in decoders._pool._pool_manager.worker_manager.workers.values():
            os.kill(process.pid or 0, signal.SIGKILL)
        time.sleep(1)
        assert decoders.decode(encode(quadrants()), TIMEOUT_S).format == "PNG"
        assert decoders.decode(encode(quadrants()), TIMEOUT_S).format == "PNG"
    finally:
        decoders.close()


def test_a_limit_of_the_system_is_kept() -> None:
    """As with ``ulimit -v`` or systemd's ``LimitAS=``."""
    code = (
        "import resource; limit = 4 * 2**30; resource.setrlimit(resource.RLIMIT_AS, (limit, limit)); "
        "resource.setrlimit(resource.RLIMIT_CPU, (60, 60)); "
        "from serving.decoder import DecoderPool; from tests.samples import encode, quadrants; "
        "pool = DecoderPool(1, 8 * 2**30); "
        "print(pool.decode(encode(quadrants()), 60).format); pool.close()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["PNG"]


def test_a_photo_that_numpy_has_no_memory_for_is_refused() -> None:
    small = DecoderPool(1, max_memory_bytes=150 * 2**20)
    gray = Pillow.new("I;16", (6000, 6000))
    try:
        with pytest.raises(PictureTooLarge):
            small.decode(encode(gray), TIMEOUT_S)
    finally:
        small.close()


def test_closing_kills_a_process_that_decodes() -> None:
    decoders = DecoderPool(1)
    with pytest.raises(TimeoutError):
        decoders.decode(crafted.many_scans(200_000), 0.2)
    begun = time.monotonic()
    decoders.close()
    assert time.monotonic() - begun < 2.5
