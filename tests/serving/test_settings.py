"""Flags, the environment, and the documentation's table of both."""

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
HELP = re.compile(r"^  (--[a-z-]+)[^\n\[]*?  +(\S.*?) \[(MASK_[A-Z_]+)(?:, (.*))?\]$", re.MULTILINE)


def test_flags_override_the_environment_which_overrides_defaults() -> None:
    environment = {"MASK_PORT": "8000", "MASK_QUEUE": "3", "MASK_HTTPS": "yes", "PORT": "1"}
    settings = read_settings(["--port", "9000", "--no-https"], environment)
    assert settings == Settings(port=9000, queue=3)
    assert read_settings([], environment) == Settings(port=8000, queue=3, https=True)
    assert read_settings([], {}) == Settings(models=MODELS)


@pytest.mark.parametrize(
    ("arguments", "environment", "message"),
    [
        (["--port", "70000"], {}, "argument --port: expected 0 to 65535, got '70000'"),
        ([], {"MASK_PORT": "http"}, "MASK_PORT: expected 0 to 65535, got 'http'"),
        (
            [],
            {"MASK_PREDICTION_TIMEOUT": "nan"},
            "MASK_PREDICTION_TIMEOUT: expected 1 to 3600, got 'nan'",
        ),
        ([], {"MASK_HTTPS": "perhaps"}, "MASK_HTTPS: expected 1 or 0, got 'perhaps'"),
        (["--metrics", "me"], {}, "expected local, all, off, got 'me'"),
        (["--predictions", "0"], {}, "expected 1 to 64, got '0'"),
        (
            ["--allowed-hosts", "a.example:80"],
            {},
            "expected host names without a port, or *, got 'a.example:80'",
        ),
        (
            ["--allowed-origins", "a.example"],
            {},
            "expected origins such as https://example.org, or *, got 'a.example'",
        ),
        (["--frame-ancestors", "https://a.example/"], {}, "or *, got 'https://a.example/'"),
        (["--max-photo-mb", "50"], {}, "expected at most 40, as --max-request-mb, got 50"),
    ],
)
def test_invalid_values_are_reported_in_one_sentence(
    arguments: list[str],
    environment: dict[str, str],
    message: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as exit_:
        read_settings(arguments, environment)
    assert exit_.value.code == 2
    assert capsys.readouterr().err.endswith(f"{message}\n")


def test_values_have_the_types_of_their_fields() -> None:
    arguments = ["--max-photo-mb=3", "--max-request-mb=9", "--upload-timeout=1", "--models=other"]
    settings = read_settings(arguments, {})
    assert settings == Settings(
        max_photo_mb=3, max_request_mb=9, upload_timeout_s=1.0, models=Path("other")
    )
    assert settings.max_request_bytes == 9 * MEGABYTE


def test_lists_are_separated_by_commas_or_spaces() -> None:
    settings = read_settings(["--allowed-hosts=A.example, b.example"], {})
    assert settings.allowed_host_names == {"a.example", "b.example"}
    both = "https://a.example,https://b.example"
    settings = read_settings([f"--allowed-origins={both}", f"--frame-ancestors={both}"], {})
    assert settings.api_origins == {"https://a.example", "https://b.example"}
    assert settings.frame_ancestors == "https://a.example https://b.example"


def test_https_listens_to_the_network_and_disables_local_metrics() -> None:
    assert Settings().address == "127.0.0.1"
    assert Settings(https=True).address == "0.0.0.0"
    assert Settings(https=True, host="::1").address == "::1"
    assert Settings(https=True).metrics_access == "off"
    assert Settings(https=True, metrics="all").metrics_access == "all"


def test_the_documentation_lists_every_option_as_the_help_does() -> None:
    output = subprocess.run(
        [sys.executable, "server.py", "--help"],
        cwd=ROOT,
        env=os.environ | {"COLUMNS": "250"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    output = re.sub(r"\n {20,}", "  ", output)  # after long flags
    shown = {name: (flag, default, about) for flag, about, name, default in HELP.findall(output)}
    table = ROW.findall((ROOT / "docs/operations.md").read_text(encoding="utf-8"))
    listed = {name: (flag, default.strip("`–"), about) for flag, name, default, about in table}
    assert listed == shown
    assert set(shown) == {variable(option.name) for option in fields(Settings)}
