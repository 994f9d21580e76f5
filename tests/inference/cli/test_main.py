"""``python -m inference`` at photos: what it writes, prints and returns."""

from __future__ import annotations

import csv
import json
import multiprocessing
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from inference import MaskDetector, read_picture
from inference.cli import main as command
from inference.cli import pool
from inference.cli.results import LINES, TABLE, stamp
from inference.cli.sources import COPY
from inference.contract import Contract
from tests.frames import astronaut
from tests.inference.cli.conftest import Call
from tests.samples import encode

pytestmark = pytest.mark.slow


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_a_photo_gets_an_annotated_copy_and_a_summary(call: Call, folder: Path) -> None:
    code, out, _ = call(folder / "a.jpg")
    copy = folder / f"a.jpg{COPY}"
    assert code == 0
    first, verdict, last = out.splitlines()
    assert first == str(folder / "a.jpg")
    assert verdict.startswith("  no mask ")
    assert verdict.endswith("pixels")
    assert last == f"  → {copy}"
    assert read_picture(copy).shape == (480, 640, 3)
    assert not list(folder.glob("results*"))


def test_json_is_an_object_a_photo(call: Call, folder: Path) -> None:
    code, out, _ = call(folder / "a.jpg", folder / "none.jpg", "--json", "--no-copy")
    assert code == 0
    first, second = map(json.loads, out.splitlines())
    assert list(first) == ["photo", "width", "height", "verdicts", "copy"]
    assert (first["photo"], first["width"], first["height"]) == (str(folder / "a.jpg"), 640, 480)
    assert [verdict["label"] for verdict in first["verdicts"]] == ["without_mask"]
    assert first["copy"] is None
    assert second["verdicts"] == []
    assert len(list(folder.iterdir())) == 6


def test_photos_of_one_name_do_not_overwrite_each_other(
    call: Call, folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    code, _, _ = call(folder / "a.jpg", folder / "sub/a.jpg", "--out", out)
    assert code == 0
    assert {path.name for path in out.iterdir()} == {f"a.jpg{COPY}", f"a.jpg.2{COPY}", LINES, TABLE}


def test_a_folder_gets_results_beside_it(call: Call, folder: Path) -> None:
    code, out, err = call(folder)
    results = folder.with_name("photos.masks")
    assert code == 1
    assert {str(path.relative_to(results)) for path in results.rglob("*.jpg")} == {
        f"a.jpg{COPY}",
        f"b.jpg{COPY}",
        f"none.jpg{COPY}",
        f"sub/a.jpg{COPY}",
    }
    records = {
        Path(record["photo"]).relative_to(folder): record for record in lines(results / LINES)
    }
    assert [v["label"] for v in records[Path("b.jpg")]["verdicts"]] == ["with_mask"]
    assert records[Path("broken.webp")]["error"].startswith("Expected a JPEG, PNG, WebP, HEIC")
    summary, failed, where = err.splitlines()[-3:]
    assert summary == ("inference: 5 photos, 4 faces: 2 mask, 2 no mask. 1 could not be processed.")
    assert failed.startswith(
        f"inference: {folder / 'broken.webp'}: Expected a JPEG, PNG, WebP, HEIC"
    )
    assert where == f"inference: Results: {results / LINES}, {results / TABLE}"
    assert "broken" not in out


def test_the_table_has_a_row_a_face(call: Call, folder: Path) -> None:
    call(folder)
    with (folder.with_name("photos.masks") / TABLE).open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    received = [(Path(row["photo"]).name, row["face"], row["label"]) for row in rows]
    assert received == [
        ("a.jpg", "1", "without_mask"),
        ("b.jpg", "1", "with_mask"),
        ("broken.webp", "", ""),
        ("none.jpg", "", ""),
        ("a.jpg", "1", "without_mask"),
        ("a.jpg", "2", "with_mask"),
    ]
    assert float(rows[0]["probability"]) > 0.9
    assert float(rows[0]["right"]) > float(rows[0]["left"])
    assert [bool(row["error"]) for row in rows] == [False, False, True, False, False, False]


def test_processed_photos_are_skipped(
    call: Call, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    processed: list[str] = []
    really = pool.process_photo

    def counted(detector: MaskDetector, task: pool.Task) -> dict[str, Any]:
        processed.append(task.photo.name)
        return really(detector, task)

    monkeypatch.setattr(pool, "process_photo", counted)
    results = folder.with_name("photos.masks")
    call(folder)
    before = lines(results / LINES)
    processed.clear()
    (folder / "b.jpg").write_bytes(encode(astronaut(), "JPEG"))  # another photo of that name
    (results / f"none.jpg{COPY}").unlink()
    _, out, err = call(folder, "--json")
    assert sorted(processed) == ["b.jpg", "broken.webp", "none.jpg"]
    assert "2 processed before" in err
    assert len(out.splitlines()) == 5  # JSON has all results, the error too
    after = {record["photo"]: record for record in lines(results / LINES)}
    assert len(after) == len(before) == len(lines(results / LINES))
    assert after[str(folder / "b.jpg")]["verdicts"][0]["label"] == "without_mask"
    processed.clear()
    call(folder, "--again")
    assert len(processed) == 5
    processed.clear()
    older = [{**record, "finder": "centerface"} for record in lines(results / LINES)]
    for record in older:  # as version 0.1.0 wrote it
        del record["detector"]
    (results / LINES).write_text("".join(json.dumps(record) + "\n" for record in older))
    call(folder)
    assert len(processed) == 5


def test_results_depend_on_the_settings_of_the_detector_and_the_verdict(folder: Path) -> None:
    contract, photo = Contract.load(), folder / "b.jpg"
    others = [
        replace(contract, unsure_below=0.5),
        replace(contract, smallest_face=20),
        replace(contract, detector=replace(contract.detector, score_threshold=0.6)),
    ]
    stamps = [json.dumps(stamp(photo, one)) for one in (contract, *others)]
    assert len(set(stamps)) == len(stamps)
    assert stamp(photo, contract) == stamp(photo, Contract.load())


def test_the_results_hold_wherever_the_command_is_called(
    call: Call, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    call("photos", "--out", "out")
    files = sorted((tmp_path / "out").rglob("*.jpg"))
    monkeypatch.chdir(folder)
    _, out, err = call(folder, "--out", "../out", "--json")
    assert "4 processed before" in err
    assert sorted((tmp_path / "out").rglob("*.jpg")) == files
    for received in map(json.loads, out.splitlines()):
        assert "error" in received or Path(received["copy"]).is_file()
        assert Path(received["photo"]).is_file()


def test_a_photo_with_an_incomplete_record_is_processed_again(call: Call, folder: Path) -> None:
    call(folder)
    results = folder.with_name("photos.masks") / LINES
    whole = results.read_bytes()
    results.write_bytes(whole[: len(whole) // 2])
    call(folder)
    assert sorted(record["photo"] for record in lines(results)) == sorted(
        json.loads(line)["photo"] for line in whole.splitlines()
    )


def test_several_processes_give_the_results_of_one(call: Call, folder: Path) -> None:
    output = [call(folder, "--json", "--no-copy", "--jobs", jobs)[1] for jobs in (1, 3)]
    assert output[0] == output[1]
    assert multiprocessing.active_children() == []
    assert not folder.with_name("photos.masks").exists()


def test_earlier_copies_are_no_photos(call: Call, folder: Path) -> None:
    call(folder / "a.jpg")
    _, out, _ = call(folder, "--json", "--no-copy")
    assert len(out.splitlines()) == 5
    assert call(folder / f"a.jpg{COPY}")[0] == command.WRONG_USAGE


def test_videos_in_a_folder_are_reported(call: Call, folder: Path) -> None:
    for name in ("door.mp4", "door.mp4.masks.mp4"):
        (folder / name).write_bytes(b"video")
    _, _, err = call(folder)
    assert "Skipped 1 video in the folder" in err


def test_unexpanded_patterns_are_expanded(call: Call, folder: Path) -> None:
    code, out, _ = call(folder / "**/a.*", "--json", "--no-copy")
    assert code == 0
    assert len(out.splitlines()) == 2


def test_a_missing_photo_is_reported(call: Call, folder: Path) -> None:
    code, out, err = call(folder / "gone.jpg", folder / "a.jpg", "--json", "--no-copy")
    assert code == 1
    gone, _ = map(json.loads, out.splitlines())
    assert gone == {"photo": str(folder / "gone.jpg"), "error": "No such file or directory"}
    assert f"inference: {folder / 'gone.jpg'}: No such file or directory" in err.splitlines()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["*.none"], "files that match *.none, got none"),
        (["."], "Expected photos in ., got none"),
        (["0", "1"], "a camera or a stream by itself"),
        (
            ["ftp://host/x"],
            "Expected a stream by rtsp, rtsps, http, https, rtmp, rtmps, srt, udp, got ftp://.",
        ),
        (["a.jpg", "b.mp4"], "Expected photos or videos, got both"),
    ],
)
def test_invalid_usage_is_refused(
    arguments: list[str], words: str, call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "b.mp4").touch()
    code, out, err = call(*arguments)
    assert (code, out) == (command.WRONG_USAGE, "")
    assert err.startswith("inference: ")
    assert words in err


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["x.jpg", "--jobs", "0"],
        ["0", "--seconds", "-1"],
        ["0", "--seconds", "nan"],
        ["0", "--detect-width", "20"],
        ["0", "--alert-webhook", "ftp://host/"],
        ["0", "--alert-webhook", "http://"],
        ["0", "--alert-command", "'"],
        ["0", "--alert-command", ""],
        ["0", "--alert-after", "x"],
        ["0", "--alert-after", "0"],
        ["0", "--alert-after", "60.5"],
        ["0", "--alert-webhook", "http://me:secret@host/"],
    ],
)
def test_invalid_options_are_refused(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        command.main(arguments)
    assert ended.value.code == command.WRONG_USAGE
    assert "error: " in capsys.readouterr().err


def test_an_unwritable_folder_of_results_is_reported(call: Call, folder: Path) -> None:
    code, _, err = call(folder / "a.jpg", "--out", folder / "notes.txt")
    assert code == 1
    assert "notes.txt" in err
    assert "Traceback" not in err


def test_results_are_in_order_and_few_are_buffered() -> None:
    begun: list[str] = []
    first = threading.Event()

    def slow(task: pool.Task) -> dict[str, Any]:
        begun.append(task.photo.name)
        if task.photo.name == "0":
            first.wait(5)
        time.sleep(0.001)
        return {"photo": task.photo.name}

    tasks = [pool.Task(Path(str(number)), None) for number in range(1000)]
    with ThreadPoolExecutor(2) as executor:
        answers = pool.in_order(executor, slow, tasks, 8)
        threading.Timer(0.2, first.set).start()
        assert next(answers)["photo"] == "0"
        assert len(begun) <= 8
        assert [next(answers)["photo"] for _ in range(99)] == [str(i) for i in range(1, 100)]
        answers.close()
    assert len(begun) < 120
