"""Video files are read, classified, annotated and reported."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest

from inference.cli import main as command
from inference.cli import videos
from inference.cli.capture import VideoFile
from inference.cli.recorder import Recorder
from inference.cli.sources import Photos, Videos, parse_sources
from inference.errors import VideoError
from inference.vision.geometry import Image
from tests.frames import astronaut, astronaut_masked, empty
from tests.inference.cli.streams import Hook, number_of, numbered
from tests.samples import QUADRANTS_HEIC, encode

pytestmark = pytest.mark.slow

RATE = 15


def write(path: Path, pictures: list[Image]) -> Path:
    recorder = Recorder(path)
    for i, picture in enumerate(pictures):
        recorder.write(picture, i * 1000 / RATE)
    recorder.close()
    return path


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds of a mask, two of none, one without a face."""
    pictures = [astronaut_masked()] * 2 * RATE + [astronaut()] * 2 * RATE + [empty()] * RATE
    return write(tmp_path_factory.mktemp("video") / "door.mp4", pictures)


def events(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_each_frame_of_a_file_has_its_timestamp(tmp_path: Path) -> None:
    video = VideoFile(write(tmp_path / "n.mp4", [numbered(i) for i in range(40)]))
    frames = list(video.frames())
    assert [number_of(frame.image) for frame in frames] == list(range(40))
    assert [frame.at_ms for frame in frames] == pytest.approx(
        [i * 1000 / RATE for i in range(40)], abs=2
    )
    assert (video.length, round(video.rate)) == (40, RATE)


def test_colours_are_kept(tmp_path: Path) -> None:
    red: Image = np.full((64, 64, 3), (250, 10, 10), np.uint8)
    (frame,) = VideoFile(write(tmp_path / "red.mp4", [red])).frames()
    assert np.abs(frame.image.astype(int) - red).max() < 20


@pytest.mark.parametrize("content", [b"", b"no video" * 1000])
def test_a_file_that_is_no_video_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(content)
    with pytest.raises(VideoError, match="Expected a video that OpenCV can read"):
        VideoFile(tmp_path / "a.mp4")


def test_a_video_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(VideoError, match="No such file"):
        VideoFile(tmp_path / "a.mp4")


def test_a_video_that_is_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "a.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), RATE, (320, 64))
    for i in range(60):
        writer.write(numbered(i))
    writer.release()
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    read = 0
    with pytest.raises(VideoError, match=r"incomplete: [23]. of 60 frames"):  # noqa: PT012
        for _ in VideoFile(path).frames():
            read += 1
    assert 20 <= read < 40


@pytest.mark.parametrize(
    ("name", "container"),
    [
        ("door.dav", "h264"),
        ("door.h264", "h264"),
        ("door.vob", "vob"),
        ("door.asf", "asf"),
        ("door", "mp4"),
        ("door.dat", "mpegts"),
    ],
)
def test_videos_are_recognized_by_their_content(name: str, container: str, tmp_path: Path) -> None:
    path = tmp_path / name
    with av.open(str(path), "w", format=container) as video:
        stream = video.add_stream("mpeg2video" if container == "vob" else "libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 320, 64, "yuv420p"
        for number in range(30):
            video.mux(stream.encode(av.VideoFrame.from_ndarray(numbered(number))))
        video.mux(stream.encode())
    assert parse_sources([str(path)]) == Videos([path])
    assert sum(1 for _ in VideoFile(path).frames()) >= 28


def test_what_ffmpeg_could_read_as_a_video_is_none(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no video\n" * 100)
    cv2.imwrite(str(tmp_path / "a.ppm"), numbered(1))
    (tmp_path / "photo").write_bytes(QUADRANTS_HEIC)
    damaged = encode(astronaut())
    chunk = b"\0\0\0\1zTXt\0\0\0\0\0"  # with a wrong checksum
    (tmp_path / "damaged").write_bytes(damaged[:33] + chunk + damaged[33:])
    for kind in ("AVIF", "GIF", "PNG", "TIFF"):
        (tmp_path / kind).write_bytes(encode(numbered(1), kind))
    for path in tmp_path.iterdir():
        assert isinstance(parse_sources([str(path)]), Photos)


def test_large_frames_are_reduced_for_detection(tmp_path: Path) -> None:
    large = np.asarray(cv2.resize(astronaut(), (1280, 960)), np.uint8)
    copies = []
    for width in (320, 1920):
        out = tmp_path / str(width)
        video = write(tmp_path / f"{width}.mp4", [large] * RATE)
        assert command.main([str(video), "--out", str(out), "--detect-width", str(width)]) == 0
        assert "without_mask" in [event.get("label") for event in events(next(out.glob("*.jsonl")))]
        copies.append(list(VideoFile(next(out.glob("*.masks.mp4"))).frames())[-1].image)
    assert copies[0].shape == copies[1].shape == (960, 1280, 3)
    # the face's frame is drawn at about the same place
    drawn = [np.abs(copy.astype(int) - large).max(axis=2) > 60 for copy in copies]
    edges = [np.flatnonzero(one.any(axis=0))[[0, -1]] for one in drawn]
    assert np.abs(edges[0] - edges[1]).max() < 40
    assert edges[0][1] > 500  # not where it is in the reduced frame


@pytest.mark.parametrize("ending", ["mkv", "mp4"])
def test_a_video_of_uneven_pictures_is_not_cut_off(ending: str, tmp_path: Path) -> None:
    times = [*range(0, 800, 40), *range(800, 8800, 200)]
    with av.open(str(tmp_path / f"a.{ending}"), "w") as video:
        stream = video.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 320, 64, "yuv420p"
        stream.codec_context.time_base = Fraction(1, 1000)
        for number, at in enumerate(times):
            frame = av.VideoFrame.from_ndarray(numbered(number))
            frame.pts, frame.time_base = at, Fraction(1, 1000)
            video.mux(stream.encode(frame))
        video.mux(stream.encode())
    frames = list(VideoFile(tmp_path / f"a.{ending}").frames())
    assert [frame.at_ms for frame in frames] == pytest.approx(times, abs=2)


def write_stamped(path: Path, pictures: list[Image], times_ms: list[int]) -> Path:
    """A video whose frames have these timestamps."""
    with av.open(str(path), "w") as video:
        stream = video.add_stream("mjpeg", rate=RATE)
        height, width = pictures[0].shape[:2]
        stream.width, stream.height, stream.pix_fmt = width, height, "yuvj420p"
        stream.codec_context.time_base = Fraction(1, 1000)
        for picture, at_ms in zip(pictures, times_ms, strict=True):
            frame = av.VideoFrame.from_ndarray(picture)
            frame.pts, frame.time_base = at_ms, Fraction(1, 1000)
            video.mux(stream.encode(frame))
        video.mux(stream.encode())
    return path


@pytest.mark.parametrize("frames_per_s", [2, 1, 0.2])
def test_a_still_face_raises_an_alert_at_low_frame_rates(
    frames_per_s: float, tmp_path: Path
) -> None:
    times_ms = [round(i * 1000 / frames_per_s) for i in range(12)]
    path = write_stamped(tmp_path / "slow.mkv", [astronaut()] * 12, times_ms)
    assert command.main([str(path), "--out", str(tmp_path)]) == 0
    received = events(tmp_path / "slow.mkv.events.jsonl")
    assert [one["type"] for one in received] == ["start", "verdict", "begin", "end", "stop"]
    assert received[2]["at_ms"] <= times_ms[9]
    assert received[-1]["totals"]["without_mask"] == 1


def test_a_gap_that_is_not_plausible_is_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    times_ms = [*range(0, 1000, 50), *range(3_600_000, 3_601_000, 50)]
    path = write_stamped(tmp_path / "jump.mkv", [astronaut()] * len(times_ms), times_ms)
    assert command.main([str(path), "--out", str(tmp_path)]) == 0
    received = events(tmp_path / "jump.mkv.events.jsonl")
    assert [one["type"] for one in received] == ["start", "verdict", "begin", "end", "stop"]
    assert received[-1]["at_ms"] < 3000
    assert received[-2]["duration_ms"] < 3000
    assert "timestamps jump" in capsys.readouterr().err


class Stamped:
    """In place of OpenCV's capture: frames with these timestamps, at 20 frames per second."""

    def __init__(self, times_ms: list[float]) -> None:
        self._left = times_ms
        self._stamp_ms = 0.0

    def isOpened(self) -> bool:  # noqa: N802
        return True

    def get(self, key: int) -> float:
        return {cv2.CAP_PROP_FPS: 20.0, cv2.CAP_PROP_POS_MSEC: self._stamp_ms}.get(key, 0.0)

    def read(self) -> tuple[bool, np.ndarray]:
        if not self._left:
            return False, np.empty(0)
        self._stamp_ms = self._left.pop(0)
        return True, numbered(1)

    def release(self) -> None:
        pass


@pytest.mark.parametrize(
    ("stamps_ms", "times_ms", "repaired"),
    [
        ([0, 50, 100, 200], [0, 50, 100, 200], False),
        ([0, 50, 3_600_050, 150, 200], [0, 50, 100, 150, 200], True),
        ([0, 50, 100, 0, 50], [0, 50, 100, 150, 200], True),
        ([0, 0, 0], [0, 50, 100], False),
        ([0, 5000, 10_000], [0, 5000, 10_000], False),
    ],
    ids=["usual", "one frame an hour ahead", "starts over", "none", "slow"],
)
def test_timestamps_that_jump_are_replaced(
    stamps_ms: list[float],
    times_ms: list[float],
    repaired: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cv2, "VideoCapture", lambda _: Stamped(stamps_ms))
    (tmp_path / "a.mp4").touch()
    video = VideoFile(tmp_path / "a.mp4")
    assert [frame.at_ms for frame in video.frames()] == pytest.approx(times_ms)
    assert video.repaired == repaired


def test_a_name_with_colons_is_a_file(
    video: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("12:30:00.mp4").write_bytes(video.read_bytes())
    assert len(list(VideoFile(Path("12:30:00.mp4")).frames())) == 5 * RATE


def test_a_file_is_processed_by_the_pages_rules(
    video: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main([str(video), "--out", str(tmp_path), "--json"]) == 0
    received = events(tmp_path / "door.mp4.events.jsonl")
    assert [json.loads(line) for line in capsys.readouterr().out.splitlines()] == received
    assert [event["type"] for event in received] == [
        "start",
        "verdict",
        "verdict",
        "begin",
        "end",
        "stop",
    ]
    assert all(event["source"] == str(video) and "time" not in event for event in received)
    start, masked, bare, begin, end, stop = received
    assert (start["width"], start["height"]) == (640, 480)
    assert (masked["label"], bare["label"]) == ("with_mask", "without_mask")
    assert masked["face"] == bare["face"]
    assert 2000 < bare["at_ms"] < 2700
    assert begin["at_ms"] - bare["at_ms"] == pytest.approx(
        7 * 1000 / RATE, abs=2
    )  # 8 of 12 pictures
    assert 4000 < end["at_ms"] < 5000
    assert end["duration_ms"] == end["at_ms"] - begin["at_ms"]
    assert stop["frames"] == 5 * RATE
    assert stop["totals"] == {"faces": 1, "with_mask": 0, "without_mask": 1, "incorrect_mask": 0}


def test_the_copy_shows_boxes_and_lasts_as_long(video: Path, tmp_path: Path) -> None:
    command.main([str(video), "--out", str(tmp_path)])
    before = list(VideoFile(video).frames())
    after = list(VideoFile(tmp_path / "door.mp4.masks.mp4").frames())
    assert len(after) == len(before)
    change = [
        float(np.abs(a.image.astype(int) - b.image).max())
        for a, b in zip(after, before, strict=True)
    ]
    assert min(change[RATE : 2 * RATE]) > 100  # a box in full colour, not the codec
    assert max(change[-5:]) < 60  # no face is left


def test_without_copies_nothing_is_written(video: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = set(video.parent.iterdir())
    assert command.main([str(video), "--no-copy"]) == 0
    assert set(video.parent.iterdir()) == before
    out = capsys.readouterr().out.splitlines()
    assert out[0] == "00:00.0  started, 640 × 480 pixels"
    assert out[1].endswith("face 1: mask")
    assert out[-1].endswith("1 face (1 no mask)")


def test_one_broken_video_does_not_stop_the_others(
    video: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "broken.mp4").write_bytes(b"no")
    (tmp_path / "door.mp4").write_bytes(video.read_bytes())
    out = tmp_path / "out"
    sources = [tmp_path / "broken.mp4", tmp_path / "door.mp4", video]
    assert command.main([*map(str, sources), "--out", str(out), "--seconds", "0"]) == 1
    (output,) = capsys.readouterr().err.splitlines()
    assert output.startswith(f"inference: {sources[0]}: Expected a video")
    names = {path.name for path in out.iterdir() if path.name.endswith("jsonl")}
    assert names == {"door.mp4.events.jsonl", "door.mp4.2.events.jsonl"}


def test_the_alert_rules_can_be_changed(video: Path, tmp_path: Path) -> None:
    command.main([str(video), "--out", str(tmp_path), "--alert-after", "3"])
    kinds = {event["type"] for event in events(tmp_path / "door.mp4.events.jsonl")}
    assert not kinds & {"begin", "end"}


def test_an_active_alert_ends_with_the_video(tmp_path: Path) -> None:
    hook = Hook()
    path = write(tmp_path / "a.mp4", [astronaut()] * 2 * RATE)
    command.main([str(path), "--alert-webhook", hook.address])
    hook.close()
    assert [body["type"] for body in hook.bodies] == ["begin", "end"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_is_reported(video: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy = video.with_name(f"{video.name}.masks.mp4")
    copy.symlink_to("/dev/full")
    try:
        assert command.main([str(video)]) == 1
    finally:
        copy.unlink()
    output = capsys.readouterr().err
    assert output == f"inference: {video}: {copy} cannot be written: No space left on device.\n"


class FakeWindow:
    """Is closed after its third picture."""

    shown = 0

    @property
    def closed(self) -> bool:
        return self.shown >= 3

    def show(self, image: Image) -> None:
        self.shown += 1

    def refresh(self) -> None:
        pass

    def destroy(self) -> None:
        self.shown = 100


def test_a_window_that_is_closed_ends_it(
    video: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = FakeWindow()
    monkeypatch.setattr(videos, "Window", lambda: window)
    assert command.main([str(video), "--window", "--out", str(tmp_path)]) == 0
    assert events(tmp_path / "door.mp4.events.jsonl")[-1]["frames"] == 3
    assert window.shown == 100


def test_without_a_display_processing_continues(
    video: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    assert command.main([str(video), "--window", "--no-copy", "--seconds", "0"]) == 0
    assert capsys.readouterr().err.startswith("inference: No window: ")
