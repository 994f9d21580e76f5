"""Flags, the environment, and the README's table of both."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from inference.contract import MODELS, ROOT
from serving.settings import MEGABYTE, Settings, read_settings, variable

ROW = re.compile(r"^\| `(--[a-z-]+)` \| `(MASK_[A-Z_]+)` \| (.*?) \| (.*) \|$", re.MULTILINE)
SHOWN = re.compile(
    r"^  (--[a-z-]+)[^\n\[]*?  +(\S.*?) \[(MASK_[A-Z_]+)(?:, (.*))?\]$", re.MULTILINE
)


def test_flags_win_over_the_environment_which_wins_over_the_defaults() -> None:
    environment = {"MASK_PORT": "8000", "MASK_QUEUE": "3", "MASK_HTTPS": "yes", "PORT": "1"}
    found = read_settings(["--port", "9000", "--no-https"], environment)
    assert found == Settings(port=9000, queue=3)
    assert read_settings([], environment) == Settings(port=8000, queue=3, https=True)
    assert read_settings([], {}) == Settings(models=MODELS)


@pytest.mark.parametrize(
    ("arguments", "environment", "words"),
    [
        (["--port", "70000"], {}, "argument --port: expected 0 to 65535, got '70000'"),
        ([], {"MASK_PORT": "http"}, "MASK_PORT: expected 0 to 65535, got 'http'"),
        ([], {"MASK_TIME_LIMIT": "nan"}, "MASK_TIME_LIMIT: expected 1 to 3600, got 'nan'"),
        ([], {"MASK_HTTPS": "perhaps"}, "MASK_HTTPS: expected 1 or 0, got 'perhaps'"),
        (["--metrics", "me"], {}, "expected local, all, off, got 'me'"),
        (["--predictions", "0"], {}, "expected 1 to 64, got '0'"),
        (["--photo-megabytes", "50"], {}, "expected at most those of a request, 40, got 50"),
    ],
)
def test_what_makes_no_sense_is_told_in_one_sentence(
    arguments: list[str],
    environment: dict[str, str],
    words: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as ended:
        read_settings(arguments, environment)
    assert ended.value.code == 2
    assert capsys.readouterr().err.endswith(f"{words}\n")


def test_settings_reach_the_application() -> None:
    config = read_settings(
        ["--photo-megabytes=3", "--request-megabytes=9", "--models=other"], {}
    ).config()
    assert config["PHOTO_BYTES"] == 3 * MEGABYTE
    assert config["MAX_CONTENT_LENGTH"] == 9 * MEGABYTE
    assert config["MODELS"] == Path("other")


def test_https_listens_to_the_network_and_hides_the_numbers() -> None:
    assert Settings().address == "127.0.0.1"
    assert Settings(https=True).address == "0.0.0.0"
    assert Settings(https=True, host="::1").address == "::1"
    assert Settings(https=True).config()["METRICS"] == "off"
    assert Settings(https=True, metrics="all").config()["METRICS"] == "all"


def test_the_readme_lists_every_option_as_the_help_does() -> None:
    told = subprocess.run(
        [sys.executable, "server.py", "--help"],
        cwd=ROOT,
        env=os.environ | {"COLUMNS": "250"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    told = re.sub(r"\n {20,}", "  ", told)  # where a long flag has a line of its own
    shown = {name: (flag, default, about) for flag, about, name, default in SHOWN.findall(told)}
    table = ROW.findall((ROOT / "README.md").read_text(encoding="utf-8"))
    listed = {name: (flag, default.strip("`–"), about) for flag, name, default, about in table}
    assert listed == shown
    assert set(shown) == {variable(one.name) for one in fields(Settings)}
