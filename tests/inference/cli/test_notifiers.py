"""Notifiers never delay the frames."""

from __future__ import annotations

import json
import socket
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from inference.cli.monitor import Event
from inference.cli.notifiers import (
    Notifier,
    NotifierError,
    call_webhook,
    is_web_address,
    run_command,
)
from tests.inference.cli.streams import Hook

BEGIN = {"type": "begin", "id": 1, "label": "without_mask"}


def until(free: threading.Event) -> Callable[[Event], None]:
    """Sends nothing before `free` is set."""

    def send(_: Event) -> None:
        free.wait(20)

    return send


def test_each_event_is_sent_in_order() -> None:
    received: list[Event] = []
    notifier = Notifier("The receiver", received.append, pytest.fail)
    for number in range(20):
        notifier.notify({"type": "begin", "id": number})
    notifier.close()
    assert [event["id"] for event in received] == list(range(20))


def test_a_slow_receiver_does_not_delay_processing() -> None:
    free, warned = threading.Event(), list[str]()
    notifier = Notifier("The receiver", until(free), warned.append, max_queued=2)
    begun = time.monotonic()
    for _ in range(10):
        notifier.notify(BEGIN)
    assert time.monotonic() - begun < 15  # of 20
    free.set()
    notifier.close()
    assert 7 <= len(warned) <= 8  # two wait, one may be worked on
    assert set(warned) == {"The receiver is too slow: an alert’s begin was not sent."}


def test_closing_times_out() -> None:
    free, warned = threading.Event(), list[str]()
    notifier = Notifier("The receiver", until(free), warned.append, max_queued=1)
    notifier.notify(BEGIN)
    begun = time.monotonic()
    notifier.close(timeout_s=0.1)
    assert time.monotonic() - begun < 15  # of 20
    assert warned == ["The receiver is too slow: some alerts may not have been sent."]
    free.set()


@pytest.mark.parametrize("error", [NotifierError("is ill"), ValueError("is ill")])
def test_after_a_failure_the_next_event_is_sent(error: Exception) -> None:
    received, warned = list[Event](), list[str]()

    def send(event: Event) -> None:
        received.append(event)
        if len(received) == 1:
            raise error

    notifier = Notifier("The receiver", send, warned.append)
    for _ in range(2):
        notifier.notify(BEGIN)
    notifier.close()
    assert len(received) == 2
    assert len(warned) == 1
    assert warned[0].startswith("The receiver ")
    assert warned[0].endswith("is ill.")


def test_a_command_gets_the_event_on_stdin_and_in_its_environment(tmp_path: Path) -> None:
    code = (
        "import os, sys, json; json.dump([json.load(sys.stdin), os.environ['MASK_LABEL'], "
        f"os.environ['MASK_TYPE']], open({str(tmp_path / 'received')!r}, 'w')); print('noise')"
    )
    run_command([sys.executable, "-c", code], BEGIN)
    received = json.loads((tmp_path / "received").read_text())
    assert received == [BEGIN, "without_mask", "begin"]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("raise SystemExit(3)", "failed with exit code 3"),
        ("import time; time.sleep(60)", "took longer than 0.5 s and was killed"),
    ],
)
def test_a_failing_command_is_reported(code: str, words: str) -> None:
    with pytest.raises(NotifierError, match=words):
        run_command([sys.executable, "-c", code], BEGIN, timeout_s=0.5 if "sleep" in code else 20)


def test_a_command_may_ignore_its_stdin() -> None:
    run_command([sys.executable, "-c", ""], {**BEGIN, "long": "x" * 100_000})


def test_a_missing_command_is_reported() -> None:
    with pytest.raises(NotifierError, match="cannot be started: No such file"):
        run_command(["/no/such/program"], BEGIN)


@pytest.mark.parametrize("status", [200, 204])
def test_a_webhook_that_answers_well(status: int) -> None:
    with closing(Hook(status)) as hook:
        call_webhook(hook.address, BEGIN)
    assert hook.bodies == [BEGIN]


@pytest.mark.parametrize("status", [302, 404, 500])
def test_a_webhook_that_refuses(status: int) -> None:
    with closing(Hook(status)) as hook, pytest.raises(NotifierError, match=f"answered {status}"):
        call_webhook(hook.address, BEGIN)


def test_a_webhook_that_is_silent() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        pytest.raises(NotifierError, match=r"answer within 0\.2 s"),
    ):
        call_webhook(f"http://127.0.0.1:{silent.getsockname()[1]}/", BEGIN, timeout_s=0.2)


def test_a_webhook_that_is_not_there() -> None:
    with pytest.raises(NotifierError, match="cannot be reached"):
        call_webhook("http://127.0.0.1:9/", BEGIN)


@pytest.mark.parametrize(
    ("address", "good"),
    [
        ("https://host/path?x", True),
        ("http://127.0.0.1:80", True),
        ("file:///etc/passwd", False),
        ("http://", False),
        ("host/path", False),
        ("http://host:99999/", False),
        ("http://[", False),
        ("http://me:secret@host/", False),
        ("http://host/a b", False),
        ("http://host/\n", False),
    ],
)
def test_web_addresses_are_recognized(address: str, good: bool) -> None:
    assert is_web_address(address) is good
