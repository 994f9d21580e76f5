"""What the sources of the command line mean."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from inference.cli.sources import COPY, LiveSource, Photos, Videos, numbered, parse_sources
from inference.errors import UsageError


@pytest.mark.parametrize(
    ("source", "name", "stem"),
    [
        ("0", "camera 0", "camera-0"),
        ("/dev/video2", "/dev/video2", "dev-video2"),
        (
            "rtsp://me:pass@10.0.0.7:554/a/b?pwd=x",
            "rtsp://10.0.0.7:554/a/b",
            "rtsp-10.0.0.7-554-a-b",
        ),
        ("RTSPS://a@b:c@host/live", "rtsps://host/live", "rtsps-host-live"),
        ("rtsp://host/user=admin&password=x/1", "rtsp://host/user", "rtsp-host-user"),
        ("udp://@:1234", "udp://:1234", "udp-1234"),
        ("rtmp://host/live/x", "rtmp://host/live/x", "rtmp-host-live-x"),
        ("srt://host:9000?mode=caller", "srt://host:9000", "srt-host-9000"),
    ],
)
def test_cameras_and_streams(source: str, name: str, stem: str) -> None:
    live = parse_sources([source])
    assert isinstance(live, LiveSource)
    assert str(live.address).casefold() == source.casefold()
    assert (live.name, live.stem) == (name, stem)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("rtsp://me:pa#ss@host/a", "write @ as %40, # as %23"),
        ("rtsp://me:pa/ss@host/a", "write @ as %40, # as %23"),
        ("http://[::1", "write @ as"),
        ("rtsp://", "Expected a host"),
        ("rtsp:///path", "Expected a host"),
        ("rtsp://:554/x", "Expected a host"),
        ("ftp://host/a.mp4", "Expected a stream by rtsp"),
        ("2024", "0 to 99"),
        ("", "got an empty text"),
    ],
)
def test_addresses_that_cannot_work_are_refused(source: str, words: str) -> None:
    with pytest.raises(UsageError, match=words) as caught:
        parse_sources([source])
    assert "pa#ss" not in str(caught.value)
    assert "pa/ss" not in str(caught.value)


def test_an_existing_path_is_never_a_camera(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("2024").mkdir()
    Path("2024/a.jpg").touch()
    Path("12:30:00.mp4").touch()
    assert isinstance(parse_sources(["2024"]), Photos)
    assert parse_sources(["12:30:00.mp4"]) == Videos([Path("12:30:00.mp4")])


def test_a_number_is_a_camera() -> None:
    assert parse_sources(["12"]) == LiveSource(12)


@pytest.mark.parametrize(
    ("name", "expected"),
    [("a.MP4", True), ("a.mjpeg", True), ("a.jpg", False), ("a", False)],
)
def test_videos_are_recognized_by_their_ending(name: str, expected: bool, tmp_path: Path) -> None:
    (tmp_path / name).touch()
    assert isinstance(parse_sources([str(tmp_path / name)]), Videos) is expected


def test_a_folder_named_like_a_video_is_a_folder(tmp_path: Path) -> None:
    (tmp_path / "party.mov").mkdir()
    (tmp_path / "party.mov/a.jpg").touch()
    photos = parse_sources([str(tmp_path / "party.mov")])
    assert isinstance(photos, Photos)


def test_several_videos_without_their_copies(tmp_path: Path) -> None:
    for name in ("b.mp4", "a.mp4", "a.mp4.masks.mp4"):
        (tmp_path / name).touch()
    paths = [tmp_path / "a.mp4", tmp_path / "b.mp4"]
    assert parse_sources([str(tmp_path / "*.mp4")]) == Videos(paths)


def test_results_of_a_folder_have_a_default_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/a.jpg").touch()
    monkeypatch.chdir(tmp_path / "sub")
    homes = [
        photos.home
        for source in (str(tmp_path / "sub"), ".", str(tmp_path / "sub/../sub"))
        if isinstance(photos := parse_sources([source]), Photos)
    ]
    assert [home and home.resolve() for home in homes] == [tmp_path / "sub.masks"] * 3
    alone = parse_sources(["a.jpg"])
    assert isinstance(alone, Photos)
    assert alone.home is None


def test_a_photo_that_is_named_twice_is_processed_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.jpg").touch()
    monkeypatch.chdir(tmp_path)
    for again in (str(tmp_path), ".", "../" + tmp_path.name):
        photos = parse_sources([str(tmp_path / "a.jpg"), again])
        assert isinstance(photos, Photos)
        assert len(photos.places) == 1


def test_folders_keep_their_structure(tmp_path: Path) -> None:
    for name in ("one/a.jpg", "one/sub/a.jpg", "two/a.jpg"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    one = parse_sources([str(tmp_path / "one")])
    both = parse_sources([str(tmp_path / "one"), str(tmp_path / "two")])
    assert isinstance(one, Photos)
    assert isinstance(both, Photos)
    assert set(one.places.values()) == {Path("a.jpg"), Path("sub/a.jpg")}
    assert set(both.places.values()) == {
        Path("one/a.jpg"),
        Path("one/sub/a.jpg"),
        Path("two/a.jpg"),
    }


def test_hidden_and_system_files_are_skipped(tmp_path: Path) -> None:
    for name in ("a.jpg", "._a.jpg", ".hidden/b.jpg", "@eaDir/a.jpg", "x/.ipynb_checkpoints/c.jpg"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    photos = parse_sources([str(tmp_path)])
    assert isinstance(photos, Photos)
    assert list(photos.places.values()) == [Path("a.jpg")]


def test_linked_folders_are_followed_once(tmp_path: Path) -> None:
    other, folder = tmp_path / "other", tmp_path / "folder"
    for path in (other / "b.jpg", folder / "a.jpg"):
        path.parent.mkdir()
        path.touch()
    (folder / "again").symlink_to(folder)
    (folder / "linked").symlink_to(other)
    (other / "back").symlink_to(folder)
    (folder / "above").symlink_to(tmp_path)
    photos = parse_sources([str(folder)])
    assert isinstance(photos, Photos)
    assert list(photos.places.values()) == [Path("a.jpg"), Path("linked/b.jpg")]


def test_a_hidden_folder_that_is_named_is_read(tmp_path: Path) -> None:
    (tmp_path / ".photos").mkdir()
    (tmp_path / ".photos/a.jpg").touch()
    photos = parse_sources([str(tmp_path / ".photos")])
    assert isinstance(photos, Photos)
    assert len(photos.places) == 1


@pytest.mark.parametrize("name", ["a" * 251 + ".jpg", "ä" * 125 + ".jpg", "人" * 83 + ".jpg"])
def test_names_leave_room_for_endings(name: str) -> None:
    names = numbered(name, COPY)
    first, second = next(names), next(names)
    assert first != second
    assert max(len(os.fsencode(one)) for one in (first, second)) <= 255
    assert first != next(numbered(f"b{name[1:]}", COPY))
    assert next(numbered("short.jpg", COPY)) == "short.jpg.masks.jpg"
