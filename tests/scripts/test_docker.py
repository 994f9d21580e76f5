"""The image and its composition, checked without an engine."""

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


def test_hadolint_has_nothing_to_say() -> None:
    command = [
        str(Path(sys.executable).parent / "hadolint"),
        "--no-color",
        str(ROOT / "Dockerfile"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_the_composition_is_as_its_schema_says() -> None:
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


def test_it_can_do_no_more_than_it_must() -> None:
    (service,) = COMPOSE["services"].values()
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["tmpfs"] == ["/tmp"]
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])


def test_the_image_runs_without_root_and_has_a_health_check() -> None:
    _, final = re.split(r"^FROM .*\n", DOCKERFILE, flags=re.MULTILINE)[1:]
    assert re.search(r"^USER \d+$", final, re.MULTILINE)
    assert "/healthz" in re.findall(r"HEALTHCHECK (?:.*\\\n)*.*", final)[0]
    assert "npm" not in final


def test_the_image_holds_what_the_server_reads() -> None:
    """Each path that is copied exists, or the build makes it; and the model is among them."""
    copied = [
        path
        for line in re.findall(r"^COPY (?!--from)(.*)$", DOCKERFILE, re.MULTILINE)
        for path in line.split()[:-1]
    ]
    assert [path for path in copied if not (ROOT / path).exists()] == []
    contract = Contract.load()
    assert contract.exports["tflite_float32"].file in copied
    assert {"inference", "serving", "server.py", "web", "web/templates"} <= set(copied)


def test_all_packages_come_by_their_hash() -> None:
    installs = re.findall(r"pip install [^&\n]*", DOCKERFILE)
    assert installs
    assert all("--require-hashes" in line for line in installs)
    assert "fetch_weights.py" in DOCKERFILE
    assert "npm ci" in DOCKERFILE


def test_the_server_needs_none_of_the_packages_that_the_image_removes() -> None:
    removed = re.findall(r"pip uninstall --yes (.*)", DOCKERFILE)[0].split()
    assert {"av", "onnx"} <= set(removed)
    block = f"import sys; sys.modules.update(dict.fromkeys({removed}))"
    predict = (
        "import numpy, server; server.MaskDetector().detect(numpy.zeros((64, 64, 3), 'uint8'))"
    )
    subprocess.run(
        [sys.executable, "-c", f"{block}; {predict}"], cwd=ROOT, check=True, capture_output=True
    )
