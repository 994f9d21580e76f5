"""The machine's own Firefox, with a fake camera that shows a pattern.

It is driven through Marionette, Firefox's own JSON over TCP, to which geckodriver translates. That
takes the few lines below: Debian has no geckodriver, and Playwright's way to a Firefox that it did
not build asks ESR for commands that it lacks (``emulation.setMediaFeaturesOverride``).
"""

from __future__ import annotations

import json
import re
import shutil
import socket
import subprocess
import time
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

NAMES = ("firefox-esr", "firefox")
PATIENCE = 60  # seconds
PREFERENCES = {
    "marionette.port": 0,  # any; it is written to a file in the profile
    "media.navigator.streams.fake": True,
    "media.navigator.permission.disabled": True,
    "devtools.console.stdout.content": True,
    "browser.dom.window.dump.enabled": True,  # errors of scripts on stderr
}
# Of pages; where the browser itself complains, the first line ends with the name of its part.
COMPLAINTS = re.compile(
    r"^(?:JavaScript \w+: https?:|console\.(?:error|warn): (?!\w+: $)).*", re.MULTILINE
)


def find_firefox() -> str | None:
    """The machine's Firefox, if it has one."""
    return next(filter(None, map(shutil.which, NAMES)), None)


class Firefox(AbstractContextManager["Firefox"]):
    """A headless Firefox with a profile of its own, and one page."""

    def __init__(self, executable: str, folder: Path) -> None:
        """Start it; its profile and what it prints go to the folder."""
        profile = folder / "profile"
        profile.mkdir()
        lines = [f"user_pref({json.dumps(k)}, {json.dumps(v)});" for k, v in PREFERENCES.items()]
        (profile / "user.js").write_text("\n".join(lines))
        self._output = folder / "output.txt"
        with self._output.open("w") as output:
            self._process = subprocess.Popen(
                [executable, "--headless", "--marionette", "--no-remote", "--profile", profile],
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        try:
            self._connect(profile / "MarionetteActivePort")
        except BaseException:
            self._process.kill()
            raise

    def __exit__(self, *_: object) -> None:
        """End it."""
        self._replies.close()
        self._connection.close()
        self._process.terminate()
        self._process.wait(PATIENCE)

    def open(self, url: str) -> None:
        """Go to a page and wait until it has loaded."""
        self._ask("WebDriver:Navigate", url=url)

    def click(self, selector: str) -> None:
        """Click as a user does."""
        self._ask("WebDriver:ElementClick", id=self._find(selector))

    def choose(self, selector: str, file: Path) -> None:
        """Choose a file."""
        self._ask("WebDriver:ElementSendKeys", id=self._find(selector), text=str(file))

    def run(self, script: str) -> Any:
        """What the body of a function returns in the page."""
        return self._ask("WebDriver:ExecuteScript", script=script, args=[])["value"]

    def wait_for(self, selector: str, words: str) -> None:
        """Wait until an element shows these words.

        Raises:
            TimeoutError: it does not.
        """
        end = time.monotonic() + PATIENCE
        while words not in (text := self._text(selector)):
            if time.monotonic() > end:
                raise TimeoutError(f"Expected {words!r} in {selector}, it shows {text!r}.")
            time.sleep(0.1)

    @property
    def complaints(self) -> list[str]:
        """Errors and warnings of the page so far."""
        return COMPLAINTS.findall(self._output.read_text(errors="replace"))

    def _text(self, selector: str) -> str:
        script = "return document.querySelector(arguments[0])?.innerText ?? ''"
        text: str = self._ask("WebDriver:ExecuteScript", script=script, args=[selector])["value"]
        return text

    def _find(self, selector: str) -> str:
        found = self._ask("WebDriver:FindElement", using="css selector", value=selector)
        [element] = found["value"].values()
        return str(element)

    def _connect(self, file: Path) -> None:
        end = time.monotonic() + PATIENCE
        while not (file.is_file() and file.read_text()):
            if time.monotonic() > end or self._process.poll() is not None:
                raise TimeoutError(f"Firefox did not start: {self._output.read_text()}")
            time.sleep(0.1)
        address = ("127.0.0.1", int(file.read_text()))
        self._connection = socket.create_connection(address, PATIENCE)
        self._replies = self._connection.makefile("rb")
        self._read()  # its greeting
        self._ask("WebDriver:NewSession")

    def _ask(self, command: str, **parameters: Any) -> Any:
        """Send `[0, id, command, parameters]` after its length, and read `[1, id, error, result]`."""
        message = json.dumps([0, 0, command, parameters]).encode()
        self._connection.sendall(b"%d:%s" % (len(message), message))
        _, _, error, result = self._read()
        if error:
            raise RuntimeError(f"{command}: {error['message']}")
        return result

    def _read(self) -> Any:
        digits = b""
        while (digit := self._replies.read(1)) != b":":
            if not digit:
                raise ConnectionError("Firefox has ended.")
            digits += digit
        return json.loads(self._replies.read(int(digits)))
