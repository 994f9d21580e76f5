"""The newest picture of a live source, whatever happens to it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise

import pytest

from inference.cli.capture import VideoFrame
from inference.cli.connection import SourceRefused, SourceUnavailable, connect
from inference.cli.stream import Backoff, Change, FrameReader
from inference.errors import VideoError
from inference.vision.geometry import Image
from tests.inference.cli.streams import (
    MjpegServer,
    PictureServer,
    number_of,
    numbered,
    wait_for,
)
from tests.samples import encode

SOON = Backoff(first_s=0.02, max_s=0.05)


class FakeCapture:
    """Gives so many pictures, numbered on, then nothing."""

    def __init__(self, pictures: list[int], gate: threading.Event | None = None) -> None:
        self.frames = pictures
        self.gate = gate
        self.released = False

    def read(self) -> Image | None:
        if not self.frames:
            if self.gate:
                self.gate.wait(240)
            return None
        return numbered(self.frames.pop(0))

    def release(self) -> None:
        self.released = True


def opener(*captures: FakeCapture | None) -> Callable[[], FakeCapture]:
    """Gives these, one a call; None and every later call is a failure."""
    left = list(captures)

    def open_next() -> FakeCapture:
        capture = left.pop(0) if left else None
        if capture is None:
            raise SourceUnavailable("away")
        return capture

    return open_next


@pytest.fixture
def sources() -> Iterator[list[FrameReader]]:
    """Those in it are closed after the test."""
    opened: list[FrameReader] = []
    yield opened
    for source in opened:
        source.close()


def received(source: FrameReader, count: int) -> list[VideoFrame | Change]:
    """The next so many pictures and changes."""
    items = []
    for item in source.items():
        if item is not None:
            items.append(item)
        if len(items) == count:
            break
    return items


@pytest.mark.parametrize("first", [None, FakeCapture([])])
def test_without_backoff_an_absent_source_ends_at_once(
    first: FakeCapture | None, sources: list[FrameReader]
) -> None:
    sources.append(FrameReader(opener(first)))
    reason = "no frames" if first else "away"
    with pytest.raises(VideoError, match=f"Expected a video stream, got none: {reason}"):
        list(sources[0].items())
    assert first is None or first.released


def test_an_absent_source_is_retried(sources: list[FrameReader]) -> None:
    end = threading.Event()
    sources.append(FrameReader(opener(None, None, FakeCapture([]), FakeCapture([1], end)), SOON))
    kinds = [
        item.type if isinstance(item, Change) else number_of(item.image)
        for item in received(sources[0], 3)
    ]
    assert kinds == ["lost", "back", 1]
    end.set()


def test_read_errors_are_raised_to_the_caller(sources: list[FrameReader]) -> None:
    def fail() -> FakeCapture:
        raise MemoryError("no more")

    sources.append(FrameReader(fail, SOON))
    with pytest.raises(MemoryError, match="no more"):
        list(sources[0].items())


def test_without_backoff_frames_end_with_the_source(sources: list[FrameReader]) -> None:
    sources.append(FrameReader(opener(FakeCapture([1, 2, 3]), FakeCapture([4])), None))
    numbers = [number_of(item.image) for item in sources[0].items() if isinstance(item, VideoFrame)]
    assert numbers[-1] == 3
    assert len(numbers) + sources[0].dropped == 3


def test_a_lost_source_is_reopened(sources: list[FrameReader]) -> None:
    end = threading.Event()
    first = FakeCapture([1])
    captures = opener(first, None, FakeCapture([]), FakeCapture([2], end))
    sources.append(FrameReader(captures, SOON))
    items = received(sources[0], 5)
    kinds = [item.type if isinstance(item, Change) else number_of(item.image) for item in items]
    assert kinds == [1, "lost", "lost", "back", 2]  # again, with the reason
    assert [item.at_ms for item in items] == sorted(item.at_ms for item in items)
    assert first.released
    end.set()


def test_the_wait_doubles_until_a_connection_lasts() -> None:
    backoff = Backoff(first_s=1, max_s=4, reset_after_s=15)
    waits = [0.0]
    for lasted in (14, 0, 14, 0, 15, 0):
        waits.append(backoff.next_s(waits[-1], lasted))
    assert waits[1:] == [1, 2, 4, 4, 1, 2]


def test_the_wait_between_attempts_is_bounded(sources: list[FrameReader]) -> None:
    begun: list[float] = []

    def fail() -> FakeCapture:
        begun.append(time.monotonic())
        raise SourceUnavailable("away")

    sources.append(FrameReader(fail, Backoff(first_s=0.1, max_s=0.2)))
    wait_for(lambda: len(begun) >= 5)
    gaps = [later - earlier for earlier, later in pairwise(begun)]
    assert all(gap >= least for gap, least in zip(gaps, (0.1, 0.2, 0.2, 0.2), strict=False))


def test_old_frames_are_dropped_and_counted(sources: list[FrameReader]) -> None:
    end = threading.Event()
    sources.append(FrameReader(opener(FakeCapture(list(range(50)), end)), SOON))
    source = sources[0]
    while source.dropped < 49:
        time.sleep(0.01)
    (item,) = received(source, 1)
    assert isinstance(item, VideoFrame)
    assert number_of(item.image) == 49
    end.set()


def test_without_frames_the_caller_can_do_other_work(sources: list[FrameReader]) -> None:
    end = threading.Event()
    sources.append(FrameReader(opener(FakeCapture([1], end)), SOON))
    items = sources[0].items(poll_s=0.02)
    assert isinstance(next(items), VideoFrame)
    assert next(items) is None
    end.set()


def test_closing_ends_the_frames() -> None:
    end = threading.Event()
    capture = FakeCapture([1, 2], end)
    source = FrameReader(opener(capture), SOON)
    end.set()
    source.close()
    assert list(source.items())[-1:] != [None]
    assert capture.released


def test_a_slow_caller_gets_the_newest_frame(sources: list[FrameReader]) -> None:
    with MjpegServer(numbered, rate=60) as server:
        sources.append(FrameReader(partial(connect, server.address), SOON))
        pictures = (item for item in sources[0].items() if isinstance(item, VideoFrame))
        first, dropped = number_of(next(pictures).image), sources[0].dropped
        wait_for(lambda: sources[0].dropped >= dropped + 100)  # none is taken
        assert number_of(next(pictures).image) > first + 100


def test_a_killed_stream_is_reconnected(sources: list[FrameReader]) -> None:
    with MjpegServer(numbered) as server:
        sources.append(FrameReader(partial(connect, server.address), SOON))
        items = sources[0].items()
        assert isinstance(next(item for item in items if item), VideoFrame)
        server.kill()
        lost = next(item for item in items if isinstance(item, Change))
        assert lost.type == "lost"
    with MjpegServer(numbered, port=server.port):
        changes = (item for item in items if isinstance(item, Change))
        back = next(change for change in changes if change.type == "back")  # after "lost" again
        assert back.at_ms > lost.at_ms
        assert isinstance(next(item for item in items if item), VideoFrame)


def test_a_stream_that_falls_silent_is_lost(
    sources: list[FrameReader], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inference.cli.connection.TIMEOUT_S", 0.5)
    noticed, missed = threading.Event(), threading.Event()

    def picture(number: int) -> Image:
        if number == 10 and not noticed.wait(60):
            missed.set()
        return numbered(number)

    with MjpegServer(picture) as server:
        sources.append(FrameReader(partial(connect, server.address), SOON))
        lost = next(item for item in sources[0].items() if isinstance(item, Change))
        noticed.set()
        assert lost.type == "lost"
        assert not missed.is_set()


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("http://127.0.0.1:9/door.mjpg", "connection refused"),
        ("rtsp://user:secret@127.0.0.1:9/door", "connection refused"),
        (97, "no such camera, or another program uses it"),
        ("/dev/video97", "no such camera"),
    ],
)
def test_why_a_source_cannot_be_opened_is_reported(address: str | int, reason: str) -> None:
    with pytest.raises(SourceUnavailable, match=f"^{reason}"):
        connect(address)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (404, "no stream at this path (404)"),
        (403, "access is denied (403)"),
        (500, "server returned 5XX Server Error reply"),
        (200, "no video at this address"),
    ],
)
def test_a_refusal_over_http_is_reported(status: int, words: str) -> None:
    with (
        PictureServer(b"<html>" * 100, status) as server,
        pytest.raises(SourceUnavailable) as error,
    ):
        connect(server.address)
    assert str(error.value) == words


def test_wrong_credentials_are_not_tried_again(sources: list[FrameReader]) -> None:
    with PictureServer(b"", 401) as server:
        sources.append(FrameReader(partial(connect, server.address), SOON))
        with pytest.raises(SourceRefused, match="user name or password is wrong"):
            list(sources[0].items())
        assert server.requests == 1


def test_credentials_that_have_worked_are_tried_again(sources: list[FrameReader]) -> None:
    end = threading.Event()
    captures = [FakeCapture([1]), None, FakeCapture([2], end)]

    def open_next() -> FakeCapture:
        if capture := captures.pop(0):
            return capture
        raise SourceRefused("no")

    sources.append(FrameReader(open_next, SOON))
    kinds = [
        number_of(item.image) if isinstance(item, VideoFrame) else (item.type, item.reason)
        for item in received(sources[0], 5)
    ]
    assert kinds == [1, ("lost", ""), ("lost", "no"), ("back", ""), 2]
    end.set()


def test_single_pictures_are_requested_again(
    sources: list[FrameReader], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inference.cli.connection.SNAPSHOT_INTERVAL_S", 0.05)
    for ending in (".jpg", "", "%20door.jpg", "?file=a.jpg"):
        with PictureServer(encode(numbered(5), "JPEG")) as server:
            secret = server.address.replace("//", "//user:p%40door@")
            sources.append(FrameReader(partial(connect, secret + ending), SOON))
            items = received(sources[-1], 3)
            sources[-1].close()
            assert server.paths == {f"/door{ending}"}
        assert [number_of(item.image) for item in items if isinstance(item, VideoFrame)] == [5] * 3


def test_a_picture_that_fails_for_a_moment_is_not_lost(
    sources: list[FrameReader], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inference.cli.connection.SNAPSHOT_INTERVAL_S", 0.05)
    with PictureServer(encode(numbered(5), "JPEG")) as server:
        sources.append(FrameReader(partial(connect, server.address), SOON))
        items = (item for item in sources[0].items() if item)
        assert isinstance(next(items), VideoFrame)
        server.status = 503
        refused = server.requests
        wait_for(lambda: server.requests > refused + 3)
        server.status = 200
        assert all(isinstance(next(items), VideoFrame) for _ in range(5))
        monkeypatch.setattr("inference.cli.connection.TIMEOUT_S", 0.3)
        server.status = 503
        changes = (item for item in items if isinstance(item, Change))
        assert [next(changes).reason, next(changes).reason] == [
            "",
            "server returned 5XX Server Error reply",
        ]


def test_a_frozen_source_is_lost_and_comes_back(sources: list[FrameReader]) -> None:
    gate = threading.Event()
    capture = Frozen([1, 2], gate)
    sources.append(FrameReader(opener(capture), SOON, stall_s=0.2))
    items = (item for item in sources[0].items(poll_s=0.02) if item)
    kinds = []
    for item in items:
        kinds.append(item.type if isinstance(item, Change) else "frame")
        if kinds[-1] == "lost":
            gate.set()
        if kinds.count("frame") and kinds[-2:] == ["back", "frame"]:
            break
    assert kinds.count("lost") == 1
    assert kinds[-3:] == ["lost", "back", "frame"]


class Frozen(FakeCapture):
    """Sends nothing between its two frames, until the gate opens."""

    def read(self) -> Image | None:
        if len(self.frames) == 1 and self.gate:
            self.gate.wait(60)
            self.gate = None
        elif not self.frames:
            threading.Event().wait(5)
        return super().read()
