"""Notifiers never delay the frames."""

from __future__ import annotations

import json
import socket
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest

from inference.cli.monitor import Event
from inference.cli.notifiers import (
    AlertCommand,
    Notifier,
    NotifierError,
    TemporaryError,
    call_webhook,
    is_web_address,
)
from tests.inference.cli.streams import Hook, wait_for

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
    assert set(warned) == {"The receiver is too slow or away: an alert’s begin was not sent."}


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
    AlertCommand([sys.executable, "-c", code]).run(BEGIN)
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
        AlertCommand([sys.executable, "-c", code], 0.5 if "sleep" in code else 20).run(BEGIN)


def test_a_command_may_ignore_its_stdin() -> None:
    AlertCommand([sys.executable, "-c", ""]).run({**BEGIN, "long": "x" * 100_000})


def test_a_missing_command_is_reported() -> None:
    with pytest.raises(NotifierError, match="cannot be started: No such file"):
        AlertCommand(["/no/such/program"]).run(BEGIN)


def test_closing_ends_a_hanging_command_and_its_children(tmp_path: Path) -> None:
    child = tmp_path / "child"
    command = AlertCommand(["sh", "-c", f"sleep 300 & echo $! > {child}; wait"], timeout_s=300)
    notifier = Notifier("The command", command.run, lambda _: None, cancel=command.cancel)
    notifier.notify(BEGIN)
    notifier.notify(BEGIN)
    wait_for(lambda: child.exists() and child.read_text().endswith("\n"))
    notifier.close(timeout_s=0.1)
    wait_for(lambda: not is_running(int(child.read_text())))


def test_a_cancelled_command_starts_nothing(tmp_path: Path) -> None:
    command = AlertCommand(["touch", str(tmp_path / "ran")])
    command.cancel()
    with pytest.raises(NotifierError, match="cancelled"):
        command.run(BEGIN)
    assert not (tmp_path / "ran").exists()


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


@pytest.mark.parametrize(("error", "attempts"), [(TemporaryError, 3), (NotifierError, 1)])
def test_temporary_failures_are_retried(error: type[NotifierError], attempts: int) -> None:
    sent, warned = list[Event](), list[str]()

    def send(event: Event) -> None:
        sent.append(event)
        raise error("answered 500")

    notifier = Notifier("The receiver", send, warned.append, retry_after_s=(0.01, 0.02))
    notifier.notify(BEGIN)
    wait_for(lambda: warned)
    notifier.close()
    assert len(sent) == attempts
    assert warned == ["The receiver answered 500."]


def test_a_receiver_that_recovers_gets_every_event_in_order() -> None:
    received, failures = list[int](), iter([True, True, False])

    def send(event: Event) -> None:
        if next(failures, False):
            raise TemporaryError("answered 503")
        received.append(event["id"])

    notifier = Notifier("The receiver", send, pytest.fail, retry_after_s=(0.01, 0.02))
    for number in range(3):
        notifier.notify({"type": "begin", "id": number})
    wait_for(lambda: len(received) == 3)
    notifier.close()
    assert received == [0, 1, 2]


def test_closing_does_not_wait_for_the_next_attempt() -> None:
    failed, warned = threading.Event(), list[str]()

    def send(_: Event) -> None:
        failed.set()
        raise TemporaryError("answered 503")

    notifier = Notifier("The receiver", send, warned.append, retry_after_s=(3000.0,))
    notifier.notify(BEGIN)
    failed.wait(60)
    notifier.close(timeout_s=60)
    assert warned == ["The receiver answered 503."]


@pytest.mark.parametrize("status", [200, 204])
def test_a_webhook_that_answers_well(status: int) -> None:
    with closing(Hook(status)) as hook:
        call_webhook(hook.address, BEGIN)
    assert hook.bodies == [BEGIN]


@pytest.mark.parametrize(
    ("status", "temporary"), [(302, False), (404, False), (429, True), (500, True)]
)
def test_a_webhook_that_refuses(status: int, temporary: bool) -> None:
    with (
        closing(Hook(status)) as hook,
        pytest.raises(NotifierError, match=f"answered {status}") as error,
    ):
        call_webhook(hook.address, BEGIN)
    assert isinstance(error.value, TemporaryError) is temporary
    assert hook.bodies == [BEGIN]


def test_a_webhook_that_is_silent() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        pytest.raises(NotifierError, match=r"answer within 0\.2 s"),
    ):
        call_webhook(f"http://127.0.0.1:{silent.getsockname()[1]}/", BEGIN, timeout_s=0.2)


def test_a_webhook_that_drips_its_answer() -> None:
    ended = threading.Event()

    def drip(server: socket.socket) -> None:
        connection, _ = server.accept()
        with connection, suppress(OSError):
            connection.sendall(b"HTTP/1.1 200 OK\r\n")
            for _ in range(600):
                connection.sendall(b"X-Drip: 1\r\n")
                if ended.wait(0.05):
                    break

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=drip, args=(server,))
        thread.start()
        begun = time.monotonic()
        with pytest.raises(TemporaryError, match=r"answer within 0\.3 s"):
            call_webhook(f"http://127.0.0.1:{server.getsockname()[1]}/", BEGIN, timeout_s=0.3)
        assert time.monotonic() - begun < 15  # of 30
        ended.set()
        thread.join()


def test_a_slow_name_server_does_not_delay_the_webhook(monkeypatch: pytest.MonkeyPatch) -> None:
    free = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: free.wait(30) and [])
    begun = time.monotonic()
    with pytest.raises(TemporaryError, match=r"answer within 0\.3 s"):
        call_webhook("http://slow.example/", BEGIN, timeout_s=0.3)
    assert time.monotonic() - begun < 15  # of 30
    free.set()


@pytest.mark.parametrize("address", ["http://xn--a/", "http://ex_ämple/"])
def test_an_address_that_no_name_server_knows(address: str) -> None:
    with pytest.raises(NotifierError, match="cannot be"):
        call_webhook(address, BEGIN)


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
