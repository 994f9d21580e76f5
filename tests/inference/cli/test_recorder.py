"""What is recorded plays everywhere, at its time."""

from __future__ import annotations

from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from inference.cli.capture import VideoFile
from inference.cli.recorder import MAX_GAP_MS, Recorder
from inference.errors import VideoError
from tests.inference.cli.streams import number_of, numbered
from tests.inference.cli.test_videos import write


def shown(path: Path) -> list[tuple[int, int]]:
    """The numbers of a video's pictures, and when each is shown, in milliseconds."""
    return [(number_of(frame.image), round(frame.at_ms)) for frame in VideoFile(path).frames()]


def test_frames_are_recorded_with_their_timestamps(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "a.mp4")
    for number, at in ((1, 5000), (2, 5100), (3, 5120), (4, 5120), (5, 5500)):
        recorder.write(numbered(number), at)
    recorder.close()
    assert shown(tmp_path / "a.mp4") == [(1, 0), (2, 100), (3, 120), (4, 121), (5, 500)]


def test_a_long_gap_is_shortened(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "a.mp4")
    for number, at in ((1, 0), (2, 3_600_000), (3, 3_600_100)):
        recorder.write(numbered(number), at)
    recorder.close()
    assert shown(tmp_path / "a.mp4") == [(1, 0), (2, MAX_GAP_MS), (3, MAX_GAP_MS + 100)]


def test_a_long_recording_is_split_into_files(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "a.masks.mp4", max_ms=1000)
    for number in range(7):
        recorder.write(numbered(number), 9000 + number * 500)
    recorder.close()
    files = ["a.masks.mp4", "a.2.masks.mp4", "a.3.masks.mp4"]
    assert {path.name for path in tmp_path.iterdir()} == set(files)
    assert [shown(tmp_path / name) for name in files] == [
        [(0, 0), (1, 500), (2, 1000)],
        [(3, 0), (4, 500), (5, 1000)],
        [(6, 0)],
    ]


def test_frames_of_another_size_are_fitted(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "a.mp4")
    recorder.write(numbered(1), 0)
    recorder.write(np.asarray(cv2.resize(numbered(2), (960, 541)), np.uint8), 100)
    recorder.close()
    assert shown(tmp_path / "a.mp4") == [(1, 0), (2, 100)]


@pytest.mark.parametrize("size", [(63, 319), (1, 1)])
def test_sides_that_are_odd(size: tuple[int, int], tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "a.mp4")
    recorder.write(np.full((*size, 3), 200, np.uint8), 0)
    recorder.close()
    (frame,) = VideoFile(tmp_path / "a.mp4").frames()
    assert abs(frame.image.shape[0] - size[0]) <= 1
    assert abs(int(frame.image.mean()) - 200) < 10


def test_recordings_use_a_codec_of_browsers(tmp_path: Path) -> None:
    write(tmp_path / "a.mp4", [numbered(1)] * 5)
    with av.open(str(tmp_path / "a.mp4")) as video:
        (stream,) = video.streams
        assert isinstance(stream, av.VideoStream)
        assert (stream.codec_context.name, stream.pix_fmt) == ("h264", "yuv420p")
        assert stream.frames == 5  # its index is complete


def test_an_unfinished_recording_is_playable(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "a.mp4")
    for i in range(300):
        recorder.write(numbered(i), i * 33)
    (tmp_path / "cut.mp4").write_bytes((tmp_path / "a.mp4").read_bytes())  # as if killed here
    recorder.close()
    numbers = [number for number, _ in shown(tmp_path / "cut.mp4")]
    assert 100 < len(numbers) < 300
    assert numbers == list(range(len(numbers)))


def test_an_unwritable_output_is_reported(tmp_path: Path) -> None:
    (tmp_path / "folder.mp4").mkdir()
    with pytest.raises(VideoError, match=r"folder\.mp4 cannot be written: Is a directory\."):
        Recorder(tmp_path / "folder.mp4").write(numbered(1), 0)
    Recorder(tmp_path / "b.mp4").close()
    assert not (tmp_path / "b.mp4").exists()
