"""The wheel: its pinned dependencies, and that it serves and detects in an empty environment."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

import inference
from inference.contract import ROOT
from tests.frames import astronaut
from tests.samples import encode

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
SETUP_ONLY = {"onnx"}
"""Converts the weights at set-up; the wheel holds the result."""


def pins(file: str) -> set[str]:
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    found = (line.partition("#")[0].strip() for line in lines)
    return {line for line in found if "==" in line}


def test_the_wheel_requires_what_serving_is_pinned_to() -> None:
    extras = PROJECT["optional-dependencies"]
    serving = {
        pin for pin in pins("requirements-serve.txt") if pin.split("==")[0] not in SETUP_ONLY
    }
    assert {*PROJECT["dependencies"], *extras["serve"]} == serving
    assert {*extras["train"]} <= pins("requirements.txt")
    assert {*extras["dev"]} <= pins("requirements-dev.txt")


def test_the_changelog_starts_with_this_version() -> None:
    versions = re.findall(r"^## \[?([\d.]+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert versions[0] == inference.__version__


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The console scripts of a wheel installed in an empty environment."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(["make", "-s", "wheel", f"DIST={folder}"], cwd=ROOT, check=True)
    (wheel,) = folder.glob("*.whl")
    subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True)
    pip = [str(folder / "venv/bin/pip"), "install", "--quiet", f"{wheel}[serve]"]
    subprocess.run(pip, check=True)
    return folder / "venv/bin"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Nothing of this repository."""
    return {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}


@pytest.fixture
def server(scripts: Path, tmp_path: Path, environment: dict[str, str]) -> Iterator[str]:
    command = [str(scripts / "mask-serve"), "--port", "0", "--log", "off"]
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        yield re.findall(r"http://\S+", process.stdout.readline())[0].rstrip("/.")
        process.terminate()


@pytest.mark.slow
@pytest.mark.network
def test_the_installed_server_serves_the_page_and_classifies(server: str) -> None:
    page = urllib.request.urlopen(server, timeout=30).read().decode()
    (script,) = re.findall(r'src="(/static/build/app[^"]+)"', page)
    assert urllib.request.urlopen(server + script, timeout=30).status == 200
    request = urllib.request.Request(
        f"{server}/api/predict", encode(astronaut()), {"Content-Type": "image/png"}
    )
    (verdict,) = json.load(urllib.request.urlopen(request, timeout=30))["verdicts"]
    assert verdict["label"] == "without_mask"


@pytest.mark.slow
@pytest.mark.network
def test_the_installed_command_line_detects(
    scripts: Path, tmp_path: Path, environment: dict[str, str]
) -> None:
    (tmp_path / "photo.png").write_bytes(encode(astronaut()))
    done = subprocess.run(
        [scripts / "mask-detect", "photo.png", "--json"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout)["verdicts"][0]["label"] == "without_mask"
    assert (tmp_path / "photo.png.masks.jpg").is_file()
