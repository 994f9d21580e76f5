"""``python -m inference`` where it is interrupted, killed, or its output is not read."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from inference.cli import main as command
from inference.cli.results import LINES, TABLE
from inference.cli.sources import COPY
from inference.contract import ROOT
from tests.frames import astronaut
from tests.inference.cli.conftest import Call
from tests.inference.cli.streams import wait_for
from tests.inference.cli.test_main import lines
from tests.inference.cli.test_videos import write

pytestmark = pytest.mark.slow


@pytest.fixture
def many(folder: Path) -> Path:
    """The folder with 44 photos and a broken one."""
    for i in range(40):
        (folder / f"c{i:02}.jpg").write_bytes((folder / "a.jpg").read_bytes())
    return folder


@contextmanager
def started(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """The command line at a folder, in processes of its own, once it has processed some photos."""
    results = folder.with_name("photos.masks") / LINES
    with subprocess.Popen(
        [sys.executable, "-m", "inference", str(folder), "--jobs", "2"],
        cwd=ROOT,
        text=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as process:
        wait_for(lambda: results.exists() and len(results.read_bytes().splitlines()) >= 3)
        yield process


def children(process: subprocess.Popen[str]) -> list[int]:
    """The worker processes."""
    listed = subprocess.run(
        ["pgrep", "-P", str(process.pid), "-f", "spawn_main"],
        capture_output=True,
        text=True,
        check=True,
    )
    return [int(number) for number in listed.stdout.split()]


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def assert_goes_on(call: Call, folder: Path) -> None:
    """Run it again: each photo has one line then, and none is processed twice."""
    results = folder.with_name("photos.masks")
    done = len([record for record in _whole_lines(results / LINES) if "error" not in record])
    assert 0 < done < 44
    _, _, err = call(folder, "--jobs", 1)
    assert f" {done} processed before." in err
    records = lines(results / LINES)
    assert len(records) == len({record["photo"] for record in records}) == 45
    with (results / TABLE).open(newline="", encoding="utf-8") as file:
        assert len({row["photo"] for row in csv.DictReader(file)}) == 45
    assert len(list(results.rglob(f"*{COPY}"))) == 44


def _whole_lines(path: Path) -> list[dict[str, Any]]:
    text = path.read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines(keepends=True) if line.endswith("\n")]


@pytest.mark.parametrize("way", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_keeps_the_results(way: signal.Signals, call: Call, many: Path) -> None:
    with started(many) as process:
        process.send_signal(way)
        _, output = process.communicate(timeout=240)
    assert process.returncode == command.INTERRUPTED
    assert output.splitlines()[-1] == "inference: interrupted."
    assert "Traceback" not in output
    results = many.with_name("photos.masks")
    with (results / TABLE).open(newline="", encoding="utf-8") as file:
        assert len({row["photo"] for row in csv.DictReader(file)}) == len(lines(results / LINES))
    assert_goes_on(call, many)


def test_a_kill_keeps_the_results_and_leaves_no_process(call: Call, many: Path) -> None:
    with started(many) as process:
        others = children(process)
        assert len(others) == 2
        process.kill()
    wait_for(lambda: not any(map(is_alive, others)))
    assert_goes_on(call, many)


def test_a_second_interruption_exits_immediately(call: Call, many: Path) -> None:
    with started(many) as process:
        others = children(process)
        os.kill(others[0], signal.SIGSTOP)  # it would be waited for
        process.send_signal(signal.SIGINT)
        while process.poll() is None:
            process.send_signal(signal.SIGINT)
            time.sleep(0.5)
        os.kill(others[0], signal.SIGCONT)
    assert process.returncode in (-signal.SIGINT, command.INTERRUPTED)
    wait_for(lambda: not any(map(is_alive, others)))
    assert_goes_on(call, many)


def test_a_process_that_dies_is_reported(call: Call, many: Path) -> None:
    with started(many) as process:
        os.kill(children(process)[0], signal.SIGKILL)
        _, output = process.communicate(timeout=240)
    assert process.returncode == 1
    assert output.splitlines()[-1].startswith("inference: A process died")
    assert "Traceback" not in output
    assert_goes_on(call, many)


def unread(*arguments: object) -> bytes:
    """The stderr of the command line after its stdout was closed."""
    with subprocess.Popen(
        [sys.executable, "-m", "inference", *map(str, arguments), "--no-copy"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout
        process.stdout.close()
        assert process.stderr
        output = process.stderr.read()
    assert process.returncode == 1
    assert b"Traceback" not in output
    return output


def test_photos_stop_at_a_closed_pipe(folder: Path) -> None:
    unread(folder, "--json")


def test_videos_stop_at_a_closed_pipe(tmp_path: Path) -> None:
    video = write(tmp_path / "door.mp4", [astronaut()] * 30)
    assert b"inference:" not in unread(video, video)


BUFFERED = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}


def redirected(arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python with these arguments and redirections of a shell."""
    return subprocess.run(
        f"exec {sys.executable} {arguments}",
        shell=True,
        cwd=ROOT,
        env=BUFFERED,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(("command", "code"), [("-m inference", 1), ("server.py", 0)])
def test_help_that_cannot_be_printed(command: str, code: int) -> None:
    ended = redirected(f"{command} --help >/dev/full")
    assert (ended.returncode, ended.stderr) == (code, "")


@pytest.mark.parametrize(
    ("redirection", "code", "printed"),
    [
        (">/dev/full", 1, "inference: Results cannot be printed: No space left on device\n"),
        (">&-", 1, "inference: Standard output is closed: results are not printed.\n"),
        ("2>&-", 1, "a.jpg"),
        (">&- 2>&-", 1, ""),
        ("2>/dev/full", 1, "a.jpg"),
        ("<&-", 1, "a.jpg"),
    ],
)
def test_standard_streams_that_cannot_be_used(
    redirection: str, code: int, printed: str, folder: Path
) -> None:
    photos = f"{folder}/a.jpg {folder}/broken.webp"
    ended = redirected(f"-m inference {photos} --no-copy --json {redirection}")
    assert ended.returncode == code
    assert printed in ended.stdout + ended.stderr
    assert "Traceback" not in ended.stdout + ended.stderr
    if printed == "a.jpg":
        assert len([json.loads(line) for line in ended.stdout.splitlines()]) == 2
