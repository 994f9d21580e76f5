"""The machine's Firefox, with a fake camera that shows a pattern.

It is driven by Marionette, Firefox's JSON protocol over TCP, which geckodriver also uses. Debian
has no geckodriver, and Playwright needs commands that Firefox ESR lacks
(``emulation.setMediaFeaturesOverride``).
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
TIMEOUT_S = 60
PREFERENCES = {
    "marionette.port": 0,  # any free port; Firefox writes it to a file in the profile
    "media.navigator.streams.fake": True,
    "media.navigator.permission.disabled": True,
    "devtools.console.stdout.content": True,
    "browser.dom.window.dump.enabled": True,  # script errors on stderr
}
# Errors and warnings of pages; those of Firefox itself end their first line with a module name.
PROBLEMS = re.compile(
    r"^(?:JavaScript \w+: https?:|console\.(?:error|warn): (?!\w+: $)).*", re.MULTILINE
)


def find_firefox() -> str | None:
    """The machine's Firefox, if it has one."""
    return next(filter(None, map(shutil.which, NAMES)), None)


class Firefox(AbstractContextManager["Firefox"]):
    """A headless Firefox with its own profile and one page."""

    def __init__(self, executable: str, folder: Path) -> None:
        """Start it; its profile and output are written to `folder`."""
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
        """Terminate it."""
        self._replies.close()
        self._connection.close()
        self._process.terminate()
        self._process.wait(TIMEOUT_S)

    def open(self, url: str) -> None:
        """Open a page and wait until it has loaded."""
        self._ask("WebDriver:Navigate", url=url)

    def click(self, selector: str) -> None:
        """Click as a user does."""
        self._ask("WebDriver:ElementClick", id=self._find(selector))

    def choose(self, selector: str, file: Path) -> None:
        """Choose a file."""
        self._ask("WebDriver:ElementSendKeys", id=self._find(selector), text=str(file))

    def run(self, script: str) -> Any:
        """Run the body of a function in the page and return its value."""
        return self._ask("WebDriver:ExecuteScript", script=script, args=[])["value"]

    def wait_for(self, selector: str, text: str) -> None:
        """Wait until an element contains this text.

        Raises:
            TimeoutError: the text did not appear in time.
        """
        end = time.monotonic() + TIMEOUT_S
        while text not in (shown := self._text(selector)):
            if time.monotonic() > end:
                raise TimeoutError(f"Expected {text!r} in {selector}, got {shown!r}.")
            time.sleep(0.1)

    @property
    def problems(self) -> list[str]:
        """Errors and warnings of the page so far."""
        return PROBLEMS.findall(self._output.read_text(errors="replace"))

    def _text(self, selector: str) -> str:
        script = "return document.querySelector(arguments[0])?.innerText ?? ''"
        text: str = self._ask("WebDriver:ExecuteScript", script=script, args=[selector])["value"]
        return text

    def _find(self, selector: str) -> str:
        found = self._ask("WebDriver:FindElement", using="css selector", value=selector)
        [element] = found["value"].values()
        return str(element)

    def _connect(self, file: Path) -> None:
        end = time.monotonic() + TIMEOUT_S
        while not (file.is_file() and file.read_text()):
            if time.monotonic() > end or self._process.poll() is not None:
                raise TimeoutError(f"Firefox did not start: {self._output.read_text()}")
            time.sleep(0.1)
        address = ("127.0.0.1", int(file.read_text()))
        self._connection = socket.create_connection(address, TIMEOUT_S)
        self._replies = self._connection.makefile("rb")
        self._read()  # the greeting
        self._ask("WebDriver:NewSession")

    def _ask(self, command: str, **parameters: Any) -> Any:
        """Send `[0, id, command, parameters]` after its length, read `[1, id, error, result]`."""
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
