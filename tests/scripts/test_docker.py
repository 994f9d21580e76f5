"""Tests the Dockerfile and the Compose file, without Docker."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

from inference.contract import ROOT, Contract

DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))


def test_the_dockerfile_passes_hadolint() -> None:
    command = [
        str(Path(sys.executable).parent / "hadolint"),
        "--no-color",
        str(ROOT / "Dockerfile"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_the_compose_file_is_valid() -> None:
    subprocess.run(
        [
            sys.executable,
            "-m",
            "check_jsonschema",
            "--builtin-schema",
            "vendor.compose-spec",
            str(ROOT / "compose.yaml"),
        ],
        check=True,
        capture_output=True,
    )


def test_the_service_runs_with_least_privileges() -> None:
    (service,) = COMPOSE["services"].values()
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["tmpfs"] == ["/tmp"]
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])


def test_the_image_runs_as_an_unprivileged_user_with_a_health_check() -> None:
    _, final = re.split(r"^FROM .*\n", DOCKERFILE, flags=re.MULTILINE)[1:]
    assert re.search(r"^USER \d+$", final, re.MULTILINE)
    assert "/healthz" in re.findall(r"HEALTHCHECK (?:.*\\\n)*.*", final)[0]
    assert "npm" not in final


def test_the_image_contains_the_files_of_the_server() -> None:
    """All copied paths exist, the model's included."""
    copied = [
        path
        for line in re.findall(r"^COPY (?!--from)(.*)$", DOCKERFILE, re.MULTILINE)
        for path in line.split()[:-1]
    ]
    assert [path for path in copied if not (ROOT / path).exists()] == []
    contract = Contract.load()
    assert contract.exports["tflite_float32"].file in copied
    assert {"inference", "serving", "server.py", "web", "web/templates"} <= set(copied)


def test_all_packages_are_pinned_by_hash() -> None:
    installs = re.findall(r"pip install [^&\n]*", DOCKERFILE)
    assert installs
    assert all("--require-hashes" in line for line in installs)
    assert "fetch_weights.py" in DOCKERFILE
    assert "npm ci" in DOCKERFILE


def test_the_server_runs_without_the_removed_packages() -> None:
    removed = re.findall(r"pip uninstall --yes (.*)", DOCKERFILE)[0].split()
    assert {"av", "onnx"} <= set(removed)
    block = f"import sys; sys.modules.update(dict.fromkeys({removed}))"
    predict = "import numpy, serving.app; serving.app.MaskDetector().detect(numpy.zeros((64, 64, 3), 'uint8'))"
    subprocess.run(
        [sys.executable, "-c", f"{block}; {predict}"], cwd=ROOT, check=True, capture_output=True
    )
