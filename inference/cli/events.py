"""Writes the events of a source to a file and the terminal, and sends alerts to notifiers."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TextIO

from inference.cli.monitor import Event
from inference.cli.notifiers import AlertCommand, Notifier, call_webhook
from inference.cli.options import Options
from inference.cli.terminal import format_count, print_message, print_result
from inference.labels import WORDS


class EventWriter:
    """Adds the source and, for live sources, the time to events, and writes them."""

    def __init__(
        self,
        source: str,
        path: Path | None,
        as_json: bool,
        notifiers: list[Notifier],
        live: bool = False,
    ) -> None:
        """Create the file; an existing one is replaced.

        Args:
            source: its name, without passwords.
            path: of the JSON Lines; None for no file.
            as_json: whether to print JSON.
            live: whether events happen now, so that they get the time.
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
        """Write and print an event."""
        line = json.dumps(self._complete(event))
        if self._file:
            self._file.write(line + "\n")
            self._file.flush()
        print_result(line if self._as_json else describe(event))

    def notify(self, event: Event) -> None:
        """Send an event of an alert to the notifiers."""
        full = self._complete(event)
        for notifier in self._notifiers:
            notifier.notify(full)

    def _complete(self, event: Event) -> Event:
        time = {"time": datetime.now(UTC).isoformat(timespec="milliseconds")} if self._live else {}
        return {"type": event["type"], "source": self._source, **time, **event}


def open_notifiers(options: Options, stack: ExitStack) -> list[Notifier]:
    """The notifiers that the options name; the stack closes them."""
    notifiers = []
    if options.alert_command:
        command = AlertCommand(options.alert_command)
        notifiers.append(
            Notifier("The alert command", command.run, print_message, cancel=command.cancel)
        )
    if options.alert_webhook:
        call = partial(call_webhook, options.alert_webhook)
        notifiers.append(Notifier("The alert webhook", call, print_message))
    for notifier in notifiers:
        stack.callback(notifier.close)
    return notifiers


def describe_stop(event: Event) -> str:
    """The totals of a source, in one line."""
    totals = event["totals"]
    parts = [f"{totals[label]} {WORDS[label]}" for label in WORDS if totals.get(label)]
    faces = format_count(totals["faces"], "face") + (f" ({', '.join(parts)})" if parts else "")
    dropped = f", {event['dropped']} dropped" if event["dropped"] else ""
    frames = format_count(event["frames"], "frame")
    return f"stopped: {frames}{dropped}, {event['rate']:.1f} per second; {faces}"


_SENTENCES: dict[str, Callable[[Event], str]] = {
    "start": lambda e: f"started, {e['width']} × {e['height']} pixels",
    "verdict": lambda e: f"face {e['face']}: {WORDS[e['label']]}",
    "begin": lambda e: f"ALERT: face {e['face']}: {WORDS[e['label']]}",
    "end": lambda e: f"alert of face {e['face']} over after {e['duration_ms'] / 1000:.1f} s",
    "lost": lambda e: f"{e.get('reason', 'no frames')}; reconnecting",
    "back": lambda e: "connected",  # noqa: ARG005
    "stop": describe_stop,
}


def describe(event: Event) -> str:
    """An event in one line for a terminal."""
    return f"{clock(event['at_ms'])}  {_SENTENCES[event['type']](event)}"


def clock(at_ms: float) -> str:
    """Minutes, seconds and tenths, with hours if there are any."""
    tenths = int(at_ms // 100)
    minutes, rest = divmod(tenths, 600)
    hours, minutes = divmod(minutes, 60)
    shown = f"{minutes:02}:{rest // 10:02}.{rest % 10}"
    return f"{hours}:{shown}" if hours else shown
