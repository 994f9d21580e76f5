"""Start and stop of the production server."""

from __future__ import annotations

import signal
import socket
import subprocess
from pathlib import Path

import pytest

import server
from inference import ModelError
from inference.contract import ROOT
from tests.running import COMMAND, start, stop
from tests.serving.conftest import healthy, metric

pytestmark = pytest.mark.slow


@pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="no IPv6 here")
def test_all_ipv6_addresses_include_ipv4() -> None:
    process, port = start((*COMMAND, "--host", "::"))
    assert healthy(port)  # over 127.0.0.1
    assert metric(port, "mask_busy") == 0
    socket.create_connection(("::1", port), timeout=30).close()
    stop(process)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signals_end_the_server_without_a_traceback(number: signal.Signals) -> None:
    process, port = start(COMMAND)
    assert healthy(port)
    process.send_signal(number)
    assert "Traceback" not in process.end()
    assert process.returncode == 0


def test_a_port_in_use_is_reported() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = subprocess.run(
            [*COMMAND, "--port", str(port)], cwd=ROOT, capture_output=True, text=True, check=False
        )
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        f"Cannot listen on 127.0.0.1, port {port}: Address already in use. "
        "Choose another with --port, or make serve PORT=5001."
    ]
    assert done.stdout == ""


def test_an_invalid_address_is_reported(capsys: pytest.CaptureFixture[str]) -> None:
    assert server.main(["--port", "0", "--host", "no host"]) == 1
    assert capsys.readouterr().err.startswith("Cannot listen on no host, port 0: ")


def test_a_missing_model_is_reported(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(models: Path) -> None:
        raise ModelError(f"No model in {models.name}.")

    monkeypatch.setattr("serving.app.MaskDetector", fail)
    assert server.main(["--port", "0"]) == 1
    assert capsys.readouterr().err == "No model in models.\n"
