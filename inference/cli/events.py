"""Where the events of a video go: a file, the terminal, and whoever is to be told of alerts."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TextIO

from tqdm import tqdm

from inference.cli.monitor import Event
from inference.cli.notifiers import Notifier, call_webhook, run_command
from inference.cli.terminal import format_count, print_message
from inference.labels import WORDS


class Events:
    """Takes events, adds their source and, of live ones, the time, and hands them on."""

    def __init__(
        self,
        source: str,
        path: Path | None,
        as_json: bool,
        notifiers: list[Notifier],
        live: bool = False,
    ) -> None:
        """Open the file, anew.

        Args:
            source: for people, without passwords.
            path: of the JSON Lines; None for no file.
            as_json: whether the terminal gets JSON.
            live: whether it happens now, so that the time is told.
        """
        self._source = source
        self._as_json = as_json
        self._notifiers = notifiers
        self._live = live
        self._file: TextIO | None = None
        if path:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("w", encoding="utf-8")

    def close(self) -> None:
        """Close the file."""
        if self._file:
            self._file.close()

    def emit(self, event: Event) -> None:
        """Write an event down, print it, and tell of alerts."""
        time = {"time": datetime.now(UTC).isoformat(timespec="milliseconds")} if self._live else {}
        full = {"type": event["type"], "source": self._source, **time, **event}
        line = json.dumps(full)
        if self._file:
            self._file.write(line + "\n")
            self._file.flush()
        tqdm.write(line if self._as_json else describe(event))
        sys.stdout.flush()
        if event["type"] in ("begin", "end"):
            for notifier in self._notifiers:
                notifier.tell(full)


def open_notifiers(options: argparse.Namespace, stack: ExitStack) -> list[Notifier]:
    """The notifiers that the command line names; the stack closes them.

    Args:
        options: ``alert_command`` and ``alert_webhook``.
    """
    notifiers = []
    if options.alert_command:
        run = partial(run_command, options.alert_command)
        notifiers.append(Notifier("The alert command", run, print_message))
    if options.alert_webhook:
        call = partial(call_webhook, options.alert_webhook)
        notifiers.append(Notifier("The alert webhook", call, print_message))
    for notifier in notifiers:
        stack.callback(notifier.close)
    return notifiers


def describe_stop(event: Event) -> str:
    """How it went, in one line."""
    totals = event["totals"]
    parts = [f"{totals[label]} {WORDS[label]}" for label in WORDS if totals.get(label)]
    faces = format_count(totals["faces"], "face") + (f" ({', '.join(parts)})" if parts else "")
    dropped = f", {event['dropped']} dropped" if event["dropped"] else ""
    return f"end: {format_count(event['frames'], 'picture')}{dropped}, {event['rate']:.1f} a second; {faces}"


_SENTENCES: dict[str, Callable[[Event], str]] = {
    "start": lambda e: f"watching, {e['width']} × {e['height']} pixels",
    "verdict": lambda e: f"face {e['face']}: {WORDS[e['label']]}",
    "begin": lambda e: f"ALERT: {WORDS[e['label']]}",
    "end": lambda e: f"alert over after {e['duration_ms'] / 1000:.1f} s",
    "lost": lambda e: "no picture is sent; trying again until there is one",  # noqa: ARG005
    "back": lambda e: "there are pictures",  # noqa: ARG005
    "stop": describe_stop,
}


def describe(event: Event) -> str:
    """An event in one line for a terminal."""
    return f"{clock(event['at_ms'])}  {_SENTENCES[event['type']](event)}"


def clock(milliseconds: float) -> str:
    """Minutes, seconds and tenths, with hours where there are any."""
    tenths = int(milliseconds // 100)
    minutes, rest = divmod(tenths, 600)
    hours, minutes = divmod(minutes, 60)
    shown = f"{minutes:02}:{rest // 10:02}.{rest % 10}"
    return f"{hours}:{shown}" if hours else shown
