"""Starts the server and stops it at a signal."""

from __future__ import annotations

import signal
import socket
import sys
from collections.abc import Sequence
from contextlib import closing, suppress

from flask import Flask

from inference.errors import ModelError
from inference.standard_streams import flush_outputs, open_closed_streams
from serving import SetupError
from serving.app import create_app
from serving.memory import return_freed_memory
from serving.production import addresses, listen, serve
from serving.request_log import start_log
from serving.security import host_names
from serving.services import services
from serving.settings import Settings, read_settings
from serving.texts import greeting


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the server; returns 0 after a signal and 1 if it cannot start."""
    open_closed_streams()
    try:
        return _run(arguments)
    finally:
        flush_outputs()


def _run(arguments: Sequence[str] | None) -> int:
    settings = read_settings(arguments)
    start_log(settings.log)
    return_freed_memory()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: sys.exit(0))
    try:
        with listen(settings.address, settings.port) as listener:
            app = create_app(settings, host_names=host_names(settings.address))
            with closing(services(app).pool):
                _serve(app, listener, settings)
    except (SetupError, ModelError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _serve(app: Flask, listener: socket.socket, settings: Settings) -> None:
    host, port = settings.address, listener.getsockname()[1]
    all_interfaces = host in ("0.0.0.0", "::")
    network = addresses() if all_interfaces else []
    local = "localhost" if all_interfaces or host in ("127.0.0.1", "::1") else host
    certificate = None
    if settings.https:
        from serving.certificate import (
            ensure_certificate,  # loads cryptography, not needed for plain HTTP
        )

        names = dict.fromkeys(["localhost", "127.0.0.1", *network, local])
        certificate = ensure_certificate(list(names))
    with suppress(OSError):  # standard output is full or not read any more
        print(greeting("https" if certificate else "http", local, port, network))
    flush_outputs()
    serve(app, listener, certificate)
